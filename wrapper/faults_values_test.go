package wrapper_test

import "strings"

func unusualValues() []fault {
	twice := with("total", `7,"total":5`, reads("total 5"))
	twice.situation, twice.variant = "`total` twice: the last one counts", ""
	return []fault{
		with("quantity", "-0", reads("quantity 0")),
		with("quantity", "-5", reads("quantity -5")),
		twice,
		with("status", `"ON_HOLD"`, reads(`status "ON_HOLD"`)),
		with("status", `"created"`, reads(`status "created"`)),
		with("action_type", `""`, reads(`action_type ""`)),
		with("status_message", "\"a\xffb\"", reads(`status_message "a�b"`)),
		with("status_message", `"a\ud800b"`, reads(`status_message "a�b"`)),
		with("created_at", `"2022-03-10T16:15:50.5Z"`, reads(`created_at "2022-03-10T16:15:50.5Z"`)),
		with("created_at", `"2022-03-10T16:15:50+05:30"`, reads(`created_at "2022-03-10T16:15:50+05:30"`)),
	}
}

func counters() []fault {
	more := incomplete("fewer contract actions than total (expected 6, received 5)", allActions)
	more.requests = 2
	differs := func(count string) fault {
		return with("count", count, incomplete("count differs from the contract actions on the page (expected "+count+", received 3)", firstPageActions))
	}
	return []fault{
		differs("-1"),
		differs("4"),
		with("total", "-5", reads("total -5")),
		{
			situation: "`total` is larger than the list, on all pages", want: more,
			actions: []script{success(edited("total", "6")), success(strings.Replace(secondPage, `"total":5`, `"total":6`, 1))},
		},
	}
}

func links() []fault {
	next := func(situation, href string, want outcome) fault {
		row := with("next", `{"href":"`+href+`"}`, want)
		row.situation, row.variant = situation, ""
		return row
	}
	refused := func(says string) outcome { return refusedLink(says, 1, firstPageActions) }
	return []fault{
		next("The next link leads to a different host", "http://api.example.com/?page=2", refused("it leads away from http://localhost:80, where the token must stay")),
		next("The next link leads to its own page", "?page=1", refused("it leads back to a page that was already read")),
		next("The next link contains user information", "http://user:password@localhost/?page=2", refused("it contains user information")),
		next("The next link is not a URL", "http://[::1", refused("it is not a URL")),
		next("The next link is relative", "?page=2", whole(2)),
	}
}
