package main

import (
	"bytes"
	"compress/gzip"
	"sync"
	"sync/atomic"
)

// mostKept is how many bytes of pages are kept. Only the memory scene needs
// more, and it measures no time.
const mostKept = 128 << 20

// pages keeps what was rendered once, so that the server does as little as it
// can while a client is measured. The uncounted first round fills it.
type pages struct {
	kept  sync.Map // request -> []byte
	bytes atomic.Int64
}

func (p *pages) get(r request) []byte {
	if page, ok := p.kept.Load(r); ok {
		return page.([]byte)
	}
	page := r.list.page(r.base, r.number)
	if r.gzip {
		page = compress(page)
	}
	if p.bytes.Add(int64(len(page))) <= mostKept {
		p.kept.Store(r, page)
	}
	return page
}

func compress(page []byte) []byte {
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	writer.Write(page) // a buffer takes everything
	writer.Close()
	return compressed.Bytes()
}
