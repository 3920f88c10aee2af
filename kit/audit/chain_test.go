package audit

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestFormatIsFixed holds the format still: whoever changes it needs a new name
// for it, because archives of years must stay checkable. The expected values were
// computed with OpenSSL (dgst -sm3) from the description in the package comment.
func TestFormatIsFixed(t *testing.T) {
	l := New(Key("test key"))
	r, err := l.compose(Head{Hash: Genesis}, 1782867600000,
		Actor{ID: "u1", Name: "张三", Unit: "市商务局", Via: Page},
		Entry{Action: "plan.publish", ObjectKind: "plan", ObjectID: "p1", ObjectName: "提振消费", After: map[string]int{"version": 2}, Reason: "市政府会议"})
	if err != nil {
		t.Fatal(err)
	}
	want := &Record{
		Seq: 1, At: 1782867600000, ActorID: "u1", ActorName: "张三", ActorUnit: "市商务局", Via: Page,
		Action: "plan.publish", ObjectKind: "plan", ObjectID: "p1", ObjectName: "提振消费",
		After: `{"version":2}`, Reason: "市政府会议", PrevHash: Genesis,
		Hash: "68a79f5753657eee9307679b84aef811e61edd199e011b7e32ca693fa2d3d95e",
		MAC:  "7da6d6a6ded95dde64378cd899a148051d3fcfc0d13cfb1f68b8b1398ae95ec3",
	}
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
}

func TestAppendNeedsActorAndAction(t *testing.T) {
	good := Actor{ID: "u1", Name: "张三", Via: API}
	cases := []struct {
		name   string
		actor  Actor
		action string
		ok     bool
	}{
		{"complete", good, "a.b", true},
		{"the program itself", Program("digest"), "a.b", true},
		{"no actor", Actor{}, "a.b", false},
		{"no id", Actor{Name: "张三", Via: API}, "a.b", false},
		{"no name", Actor{ID: "u1", Via: API}, "a.b", false},
		{"no door", Actor{ID: "u1", Name: "张三"}, "a.b", false},
		{"unknown door", Actor{ID: "u1", Name: "张三", Via: "window"}, "a.b", false},
		{"no action", good, "", false},
	}
	for _, c := range cases {
		_, err := New(Key("k")).compose(Head{Hash: Genesis}, 0, c.actor, Entry{Action: c.action})
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestJSONText(t *testing.T) {
	cases := []struct {
		name string
		in   any
		want string
		ok   bool
	}{
		{"nothing", nil, "", true},
		{"no escapes for HTML", map[string]string{"a": "<b>&"}, `{"a":"<b>&"}`, true},
		{"text that is JSON already", rawJSON(`{"a" : 1}`), `{"a":1}`, true},
		{"cannot be marshalled", make(chan int), "", false},
	}
	for _, c := range cases {
		got, err := jsonText(c.in)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

// TestCanonicalIsInjective: no two different records share their bytes, whatever
// is moved from the end of one field to the start of the next.
func TestCanonicalIsInjective(t *testing.T) {
	text := rapid.StringN(0, 4, -1)
	record := func(t *rapid.T, label string) Record {
		s := func(f string) string { return text.Draw(t, label+f) }
		n := rapid.Int64Range(0, 12)
		return Record{
			Seq: n.Draw(t, label+"seq"), At: n.Draw(t, label+"at"), ActorID: s("a"), ActorName: s("b"), ActorUnit: s("c"), Via: Via(s("d")),
			Action: s("e"), ObjectKind: s("f"), ObjectID: s("g"), ObjectName: s("h"), Before: s("i"), After: s("j"), Reason: s("k"), PrevHash: s("l"),
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := record(t, "1"), record(t, "2")
		if (hashOf(&a) == hashOf(&b)) != (a == b) {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
	moved := [2]Record{{ActorID: "ab", ActorName: "c"}, {ActorID: "a", ActorName: "bc"}}
	if hashOf(&moved[0]) == hashOf(&moved[1]) {
		t.Error("a letter moved between fields is not seen")
	}
}
