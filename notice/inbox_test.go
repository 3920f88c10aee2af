package notice

import (
	"fmt"
	"strings"
	"testing"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

func TestInbox(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(Unit(trade), "a")
		w.put(Person("clerk"), "b")
		w.put(Unit(east), "c")
		for _, x := range []struct {
			p    org.Principal
			want string
		}{{clerk, "ba"}, {mate, "a"}, {outsider, "c"}, {nowhere, ""}, {sysadmin, ""}} {
			list, err := w.s.Inbox(w.ctx, x.p, Filter{})
			w.ok(err)
			got := ""
			for _, i := range list {
				got += i.Key
			}
			if got != x.want || w.unread(x.p) != len(x.want) {
				t.Errorf("%s sees %q (%d unread), want %q", x.p.Name, got, w.unread(x.p), x.want)
			}
		}
		_, err := w.s.Inbox(w.ctx, org.Principal{}, Filter{})
		w.refused(err, errs.Unauthenticated)
		_, err = w.s.Inbox(w.ctx, org.Job("x"), Filter{})
		w.refused(err, errs.Forbidden)
	})
}

// The same matter never tells twice: neither before nor after it was read or sent.
func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(Unit(trade), "a")
		w.put(Unit(trade), "a")
		w.put(Person("clerk"), "a")
		w.put(Unit(east), "a")
		list, err := w.s.Inbox(w.ctx, clerk, Filter{})
		w.ok(err)
		if len(list) != 2 || w.unread(outsider) != 1 {
			t.Fatalf("%v", list)
		}
		w.ok(w.s.ReadAll(w.ctx, clerk, list[0].ID))
		w.at("2026-07-01 08:30")
		w.at("2026-07-02 08:30")
		w.put(Unit(trade), "a")
		w.at("2026-07-03 08:30")
		if n := w.count(`SELECT count(*) FROM notice_digest WHERE unit_id = 'trade'`); n != 1 || w.unread(clerk) != 0 {
			t.Errorf("%d digests, %d unread", n, w.unread(clerk))
		}
	})
}

func TestRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, k := range []string{"a", "b", "c"} {
			w.put(Unit(trade), k)
		}
		list, err := w.s.Inbox(w.ctx, clerk, Filter{})
		w.ok(err)
		n, err := w.s.Read(w.ctx, clerk, list[1].ID)
		w.ok(err)
		if n.Key != "b" || n.URL != "/tasks/1" || !n.At.Equal(w.clock.Now().UTC()) {
			t.Errorf("%+v", n)
		}
		_, err = w.s.Read(w.ctx, clerk, list[1].ID)
		w.ok(err)
		if w.unread(clerk) != 2 || w.unread(mate) != 3 {
			t.Errorf("unread: clerk %d, mate %d", w.unread(clerk), w.unread(mate))
		}
		_, err = w.s.Read(w.ctx, outsider, list[1].ID)
		w.refused(err, errs.NotFound)
		_, err = w.s.Read(w.ctx, org.Principal{}, list[1].ID)
		w.refused(err, errs.Unauthenticated)

		// Only what was shown is marked; a notice that came meanwhile stays new.
		w.put(Unit(trade), "d")
		w.ok(w.s.ReadAll(w.ctx, clerk, list[0].ID))
		left, err := w.s.Inbox(w.ctx, clerk, Filter{Unread: true})
		w.ok(err)
		if len(left) != 1 || left[0].Key != "d" || w.unread(clerk) != 1 || w.unread(mate) != 4 {
			t.Errorf("left %v", left)
		}
		w.ok(w.s.ReadAll(w.ctx, clerk, list[2].ID)) // never back
		if w.unread(clerk) != 1 {
			t.Errorf("the mark went back: %d unread", w.unread(clerk))
		}
		w.ok(w.s.ReadAll(w.ctx, clerk, 1<<60)) // nor beyond what there is
		w.put(Unit(trade), "e")
		if w.unread(clerk) != 1 {
			t.Errorf("%d unread", w.unread(clerk))
		}
	})
}

func TestPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 7 {
			w.put(Unit(trade), fmt.Sprint(i))
		}
		w.ok(w.db.Write(w.ctx, func(tx *db.Tx) error {
			return Put(tx, Notice{To: Unit(trade), Kind: Result, Title: "已核验", URL: "/", Key: "r"})
		}))
		var seen []string
		for f := (Filter{Limit: 3}); ; {
			list, err := w.s.Inbox(w.ctx, clerk, f)
			w.ok(err)
			if len(list) == 0 {
				break
			}
			for _, i := range list {
				seen = append(seen, i.Key)
			}
			f.Before = list[len(list)-1].ID
		}
		if got := strings.Join(seen, ""); got != "r6543210" {
			t.Errorf("pages give %q", got)
		}
		list, err := w.s.Inbox(w.ctx, clerk, Filter{Kind: Result, Unread: true})
		w.ok(err)
		if len(list) != 1 || list[0].Key != "r" || list[0].Read {
			t.Errorf("%v", list)
		}
	})
}

func TestPutRefuses(t *testing.T) {
	good := Notice{To: Unit(trade), Kind: Todo, Title: "一", URL: "/tasks", Key: "k"}
	for name, spoil := range map[string]func(n *Notice){
		"nobody":        func(n *Notice) { n.To = To{} },
		"both":          func(n *Notice) { n.To = To{trade, "clerk"} },
		"kind":          func(n *Notice) { n.Kind = "gossip" },
		"no title":      func(n *Notice) { n.Title = " \x00\n" },
		"no key":        func(n *Notice) { n.Key = "" },
		"other host":    func(n *Notice) { n.URL = "https://example.com/" },
		"other host //": func(n *Notice) { n.URL = "//example.com/" },
		`other host \`:  func(n *Notice) { n.URL = `/\example.com` },
		"script":        func(n *Notice) { n.URL = "javascript:alert(1)" },
		"line break":    func(n *Notice) { n.URL = "/tasks\r\nBcc:x" },
		"no address":    func(n *Notice) { n.URL = "" },
	} {
		n := good
		spoil(&n)
		if _, err := n.checked(); !errs.Is(err, errs.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := good
	long.Title, long.Body = strings.Repeat("长", 500)+"\n", "一\x00\xff\n"+strings.Repeat("文", 5000)
	n, err := long.checked()
	if err != nil || len([]rune(n.Title)) != maxTitle || len([]rune(n.Body)) != maxBody || !strings.HasPrefix(n.Body, "一\uFFFD\n文") {
		t.Errorf("%v %q", err, n.Body[:20])
	}
}
