package main

import (
	"fmt"
	"strconv"
	"time"
)

// received is what came of a list: bytes for those who only count them,
// contract actions and a sum over their fields for the others.
type received struct {
	bytes   int64
	actions int
	sum     int64
}

func (r *received) add(other received) {
	r.bytes += other.bytes
	r.actions += other.actions
	r.sum += other.sum
}

// verify fails unless all of want has come, one way or the other: nobody wins
// by leaving work out.
func (r received) verify(want received) error {
	if r.bytes > 0 {
		want = received{bytes: want.bytes}
	} else {
		want.bytes = 0
	}
	if r != want {
		return fmt.Errorf("received %+v, want %+v", r, want)
	}
	return nil
}

// consumer is the program around a client. It notes what came, and can take
// its time over each page.
type consumer struct {
	received
	pageSize int
	eachPage func()    // what the program does after each page; may be nil
	first    time.Time // when the first contract action, or page, was there
	onlyOne  bool
}

// action takes a contract action. It returns false if that is enough.
func (c *consumer) action(id string, quantity *int32, created time.Time) bool {
	number, _ := strconv.ParseInt(id, 10, 64)
	c.sum += number + created.Unix()
	if quantity != nil {
		c.sum += int64(*quantity)
	}
	c.actions++
	if c.actions == 1 {
		c.first = time.Now()
	}
	if c.eachPage != nil && c.actions%c.pageSize == 0 {
		c.eachPage()
	}
	return !c.onlyOne
}

// page takes a page of which only the size is known.
func (c *consumer) page(bytes int64) bool {
	if c.bytes == 0 {
		c.first = time.Now()
	}
	c.bytes += bytes
	if c.eachPage != nil {
		c.eachPage()
	}
	return !c.onlyOne
}
