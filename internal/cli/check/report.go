package check

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// report is the result of check, and the JSON that it prints.
type report struct {
	ContractVersion string    `json:"contract_version" description:"The version of the OpenAPI document."`
	Drift           *bool     `json:"drift" description:"Whether there are findings besides optional_field_missing; null if there are none, and no page to compare."`
	List            listEnd   `json:"list" description:"How far the list was read: more_pages after --max-pages."`
	Responses       int       `json:"responses" description:"The number of responses that were compared."`
	Pages           int       `json:"pages" description:"The number of pages that were read."`
	Actions         int       `json:"contract_actions" description:"The number of contract actions that were read."`
	Findings        []finding `json:"findings" description:"Sorted by status, pointer and kind."`
	Omitted         int       `json:"omitted" description:"The number of findings that are not listed."`
}

// Schema returns the schema of the JSON that check prints.
func Schema() output.Schema { return output.SchemaOf("contractactions check", report{}) }

// listEnd is how far a list was read.
type listEnd string

const (
	listComplete    listEnd = "complete"
	listMorePages   listEnd = "more_pages"
	listBrokenOff   listEnd = "broken_off"
	listInterrupted listEnd = "interrupted"
)

// Choices returns all ends, for the schema.
func (listEnd) Choices() []string {
	return []string{string(listComplete), string(listMorePages), string(listBrokenOff), string(listInterrupted)}
}

func (t *conformanceTransport) report(read reading) report {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	findings := t.drift.sorted()
	drift := new(slices.ContainsFunc(findings, finding.isDrift))
	if !*drift && t.pages == 0 {
		drift = nil
	}
	return report{
		ContractVersion: t.contract.version,
		Drift:           drift,
		List:            read.list(),
		Responses:       t.responses,
		Pages:           read.pages,
		Actions:         read.actions,
		Findings:        findings,
		Omitted:         len(t.drift.omitted),
	}
}

func (r reading) list() listEnd {
	switch {
	case errors.Is(r.ending, exit.ErrInterrupted):
		return listInterrupted
	case r.ending != nil:
		return listBrokenOff
	case r.more:
		return listMorePages
	}
	return listComplete
}

// printReportJSON prints one object.
func printReportJSON(out io.Writer, report report) error {
	encoded, err := output.JSON(report)
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, encoded, "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	_, err = out.Write(indented.Bytes())
	return err
}

// printReportTable prints a line for each finding, and a summary.
func printReportTable(out io.Writer, report report) error {
	buffered := bufio.NewWriter(out)
	if len(report.Findings) > 0 {
		table := tabwriter.NewWriter(buffered, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "STATUS\tKIND\tCOUNT\tPAGE\tFIRST AT\tFOUND\tEXPECTED")
		for _, found := range report.Findings {
			fmt.Fprintf(table, "%6d\t%s\t%5d\t%4d\t%s\t%s\t%s\n", found.Status, strings.ReplaceAll(found.Kind, "_", " "),
				found.Count, found.Page, terminal.Cell(found.FirstPointer), terminal.Cell(found.Found), terminal.Cell(found.Expected))
		}
		table.Flush() // the writer below keeps the error
	}
	fmt.Fprintln(buffered, report)
	return buffered.Flush()
}

// String is for example "no drift from contract 0.1.0 in 9 responses: 425
// contract actions on 9 pages".
func (r report) String() string {
	found := "no drift"
	differences, allowed := r.count()
	if differences > 0 {
		found = terminal.Count(differences, "difference")
	}
	if r.Omitted > 0 {
		found += fmt.Sprintf(" (and %d more, not listed)", r.Omitted)
	}
	responses := terminal.Count(r.Responses, "response")
	text := fmt.Sprintf("%s from contract %s in %s: %s on %s", found, r.ContractVersion,
		responses, terminal.Count(r.Actions, "contract action"), terminal.Count(r.Pages, "page"))
	if r.Drift == nil {
		text = fmt.Sprintf("drift unknown: no page to compare with contract %s, %s", r.ContractVersion, responses)
	}
	if allowed > 0 {
		text += fmt.Sprintf("; %s that the vendor's document allows", terminal.Count(allowed, "difference"))
	}
	switch r.List {
	case listInterrupted:
		text += "; interrupted"
	case listBrokenOff:
		text += "; the list broke off"
	case listMorePages:
		text += "; there are more pages"
	}
	return text
}

// count splits the findings into drift and what the vendor's document allows.
func (r report) count() (differences, allowed int) {
	for _, found := range r.Findings {
		if found.isDrift() {
			differences++
		} else {
			allowed++
		}
	}
	return differences, allowed
}
