// Command reconcile writes every contract action of every account of an
// organization to the file actions.csv in a folder, such as 2026-11-25, each once.
//
// It can be killed at any point: the same command continues with the accounts that
// are left. A complete account is a file, which appears in one step ([os.Rename]), and
// so does actions.csv. Settings are those of [wrapper.NewFromEnvironment].
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: reconcile FOLDER")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := reconcile(ctx, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func reconcile(ctx context.Context, folder string) error {
	client, err := wrapper.NewFromEnvironment()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	var all, left []string
	for account, err := range client.Accounts(ctx) {
		if err != nil {
			return err
		}
		all = append(all, account.ID)
		if _, err := os.Stat(complete(folder, account.ID)); err != nil {
			left = append(left, account.ID)
		}
	}
	if err := list(ctx, client, folder, left); err != nil {
		return fmt.Errorf("%w\nrun the same command again to continue", err)
	}
	return replace(filepath.Join(folder, "actions.csv"), func(result io.Writer) error {
		fmt.Fprintln(result, "account_id,id,action_type,status,quantity,updated_at")
		for _, id := range all {
			content, err := os.ReadFile(complete(folder, id))
			if err != nil {
				return err
			}
			if _, err := result.Write(content); err != nil {
				return err
			}
		}
		return nil
	})
}

// complete is the name of an account's file, which exists once it is complete.
func complete(folder, accountID string) string {
	return filepath.Join(folder, "account-"+accountID+".csv")
}

// list writes the files of the accounts. One that fails does not end the others.
func list(ctx context.Context, client *wrapper.Client, folder string, accountIDs []string) error {
	var failed []error
	rows := make(map[string][][]string) // of the accounts that are being listed
	for page, err := range client.PagesOf(ctx, slices.Values(accountIDs)) {
		if err != nil {
			failed = append(failed, err)
			continue
		}
		for _, action := range page.Page.Actions {
			rows[page.AccountID] = append(rows[page.AccountID], row(page.AccountID, action))
		}
		if !page.Page.Last {
			continue
		}
		write := func(file io.Writer) error { return csv.NewWriter(file).WriteAll(rows[page.AccountID]) }
		if err := replace(complete(folder, page.AccountID), write); err != nil {
			return err
		}
		delete(rows, page.AccountID)
	}
	return errors.Join(failed...)
}

func row(accountID string, action wrapper.ContractAction) []string {
	cells := []string{accountID, action.ID, string(action.ActionType), string(action.Status), "", action.UpdatedAt.Format(time.RFC3339Nano)}
	if action.Quantity != nil {
		cells[4] = fmt.Sprint(*action.Quantity)
	}
	return cells
}

// replace writes a file so that it has all of its content whenever it exists.
func replace(name string, write func(io.Writer) error) error {
	file, err := os.Create(name + ".part")
	if err != nil {
		return err
	}
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
