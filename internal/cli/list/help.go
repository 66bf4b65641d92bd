package list

import "github.com/talkdesk-express/contractactions/wrapper"

// SelectionHelp describes which accounts and contract actions are printed, and in
// which order.
const SelectionHelp = `list accepts any number of accounts, as arguments or, with -, from standard
input, one id per line. Blank lines and lines that begin with # are skipped, and
duplicates are listed once. --all-accounts lists every account of your
organization, or those with a status of --account-status; it needs the scope
` + wrapper.ScopeAccounts + `. If the list of accounts breaks off, so does list:
accounts that were not received are not listed. If the credentials are refused,
the whole list ends.

--status, --type and --since select contract actions; unknown stands for values
that the contract does not list. --since compares the last update with the time
that was a duration ago (36h, 7d, 2w), with a day (2026-11-01) or with a time
(2026-11-01T08:00:00Z): --status FAILED --since 7d selects the failures of this
week.

To save requests, status and type are also sent to the service as a filter, and
--since requests the latest updates first and stops at the first page that is old
enough. The responses are verified: if the service refuses or ignores the filter
or the order, list reads everything. --verbose reports a refusal, and an order
that is ignored. --read-all always reads everything.

A selection is printed account by account, once an account has been read, in the
order of creation, or latest update first with --since. Without a selection, or
with --order-by, contract actions are printed page by page as they arrive. The
service must accept --order-by: if it refuses, the list fails. Whether it
honours --order-by is not verified. --sort, for example -updated_at,id, sorts
here, and buffers everything in memory. --limit ends the list early; with --sort,
it prints the first ones.

--local uses the time zone that TZ names, such as Europe/Berlin, or without TZ
that of the system. A name that is not in the IANA database is an error. A day
of --since begins at its first instant, also where clocks change at midnight.

If stderr is a terminal, it shows the progress, unless stdout is a pipe or TERM
is dumb. --quiet omits the progress and the summary.`

// IntoHelp describes --into.
const IntoHelp = `--into FILE writes ndjson or csv to FILE, in place of stdout, and each contract
action exactly once. After an interruption, a crash, a full disk or failures,
run the same command again: it continues with the accounts that are not
complete. Once all are, it reports that. FILE.progress records what FILE
contains; to start over, remove both.

If FILE or FILE.progress was changed by a different program, the command fails.
After a run that was killed, what is not recorded is removed from FILE: the
number of bytes is reported.
One command at a time can write FILE: for any other, the exit code is 9. Accounts
that are being read are buffered, up to 1 MiB each in memory and the rest in a
temporary file. A relative --since is relative to the start of the first run.`
