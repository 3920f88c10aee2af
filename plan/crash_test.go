package plan_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/plan/source"
)

// crashFolder and crashImport tell a copy of this test program that it is the one to be killed.
const crashFolder, crashImport = "BIHUAN_CRASH_FOLDER", "BIHUAN_CRASH_IMPORT"

// TestMain either runs the tests or, in a copy started by TestKilledWhilePublishing, publishes until it is killed.
func TestMain(m *testing.M) {
	if folder := os.Getenv(crashFolder); folder != "" {
		publishToDie(folder, os.Getenv(crashImport))
		return
	}
	os.Exit(m.Run())
}

func publishToDie(folder, id string) {
	t := &testing.T{}
	r := plantest.At(t, folder)
	fmt.Println("publishing")
	if _, err := r.Plan.Publish(context.Background(), r.Approver(), id, ""); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println("published")
}

// submitted prepares a folder with the pack's own plan waiting for its publisher.
func submitted(t *testing.T, folder string) (id string, tasks int) {
	t.Helper()
	r := plantest.At(t, folder)
	defer func() { must(t, r.DB.Close()) }()
	id = r.Import(t, r.Dispatcher(), plan.Upload{}, r.Pack.Documents[0].Text)
	must(t, r.Plan.Submit(context.Background(), r.Dispatcher(), id, 0))
	draft := review(t, r, r.Dispatcher(), id).Draft
	return id, len(draft.LiveTasks())
}

func TestKilledWhilePublishing(t *testing.T) {
	base := t.TempDir()
	id, tasks := submitted(t, base)
	whole := publishIn(t, copied(t, base), id, time.Minute) // how long it takes when nobody kills it
	killed, finished := 0, 0
	for i := range 12 {
		folder := copied(t, base)
		publishIn(t, folder, id, whole*time.Duration(i)/10)
		if afterCrash(t, folder, id, tasks) {
			finished++
		} else {
			killed++
		}
	}
	if killed == 0 {
		t.Errorf("no process was killed in time; %d finished", finished)
	}
	t.Logf("%d killed before the commit, %d after; publishing takes %s", killed, finished, whole)
}

func copied(t *testing.T, base string) string {
	t.Helper()
	folder := t.TempDir()
	must(t, os.CopyFS(filepath.Join(folder, "data"), os.DirFS(base)))
	return filepath.Join(folder, "data")
}

// publishIn publishes in a process of its own and kills it some time after it began; it tells how long it ran.
func publishIn(t *testing.T, folder, id string, after time.Duration) time.Duration {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	child := exec.Command(self)
	child.Env = append(os.Environ(), crashFolder+"="+folder, crashImport+"="+id)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "publishing" {
		t.Fatalf("the child said %q", lines.Text())
	}
	began := time.Now()
	timer := time.AfterFunc(after, func() { _ = child.Process.Kill() })
	defer timer.Stop()
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "failed") {
			t.Fatal(lines.Text())
		}
	}
	took := time.Since(began)
	_ = child.Wait() // killed, or done
	return took
}

// afterCrash opens what a killed process left: all of the publication or nothing of it.
func afterCrash(t *testing.T, folder, id string, tasks int) (published bool) {
	t.Helper()
	ctx := context.Background()
	r := plantest.At(t, folder)
	defer func() { must(t, r.DB.Close()) }()
	r.Sound(t)
	published = review(t, r, r.Approver(), id).State == plan.ImportPublished
	want := 0
	if published {
		want = 1
	}
	for _, c := range []struct {
		what string
		n    int
	}{{"plan", want}, {"plan_version", want}, {"task", want * tasks}, {"task_source", want * tasks}, {"audit_entry WHERE action = 'plan.publish'", want}, {"audit_entry WHERE action = 'task.register'", want * tasks}} {
		if n := count(t, r.DB, c.what); n != c.n {
			t.Errorf("published %v: %d of %s, want %d", published, n, c.what, c.n)
		}
	}
	if !published {
		if _, err := r.Plan.Publish(ctx, r.Approver(), id, "再次发布"); err != nil {
			t.Errorf("publishing after the crash: %v", err)
		}
		r.Sound(t)
	}
	return published
}

func count(t *testing.T, d *db.DB, from string) (n int) {
	t.Helper()
	must(t, d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.One(nil, func(s db.Scanner) error { return s.Scan(&n) }, "SELECT count(*) FROM "+from)
	}))
	return n
}

// race runs f n times at once and tells how many went well; all others have to be conflicts.
func race(t *testing.T, n int, f func(i int) error) (won int) {
	t.Helper()
	var wg sync.WaitGroup
	results := make([]error, n)
	start := make(chan struct{})
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
			results[i] = f(i)
		}()
	}
	close(start)
	wg.Wait()
	for _, err := range results {
		if err == nil {
			won++
		} else if !errs.Is(err, errs.Conflict) {
			t.Errorf("a loser got %v", err)
		}
	}
	return won
}

func TestRacesHaveOneWinner(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		id := r.Import(t, r.Dispatcher(), plan.Upload{}, plantest.CityText)
		must(t, r.Plan.Submit(ctx, r.Dispatcher(), id, 0))
		if won := race(t, 4, func(i int) error {
			_, err := r.Another().Publish(ctx, r.Person(fmt.Sprint("approver", i), "", org.Approver), id, "")
			return err
		}); won != 1 || count(t, r.DB, "plan") != 1 || count(t, r.DB, "task") != 5 {
			t.Errorf("%d publishers won, %d plans", won, count(t, r.DB, "plan"))
		}
		task, target := taskWith(t, r, "社区托育驿站")
		entry, err := r.Plan.Report(ctx, r.Clerk(task.LeadUnit), plan.Report{TargetID: target.ID, AsOf: "2026-06-30", Value: "5", Proof: plantest.Proof("x")})
		must(t, err)
		if won := race(t, 4, func(i int) error {
			head := r.Person(fmt.Sprint("head", i), task.LeadUnit, org.UnitHead)
			if i%2 == 1 {
				return r.Plan.ReturnEntry(ctx, head, entry, "理由")
			}
			return r.Plan.Verify(ctx, head, entry)
		}); won != 1 {
			t.Errorf("%d verifiers won", won)
		}
		if won := race(t, 4, func(i int) error {
			return r.Plan.AddMilestone(ctx, r.Clerk(task.LeadUnit), task.ID, task.Revision, plan.MilestoneForm{Name: fmt.Sprint("节点", i), PlannedOn: "2026-09-30"})
		}); won != 1 || count(t, r.DB, "milestone") != 1 {
			t.Errorf("%d editors of one revision won", won)
		}
		draft := r.Import(t, r.Dispatcher(), plan.Upload{}, plantest.CityText)
		if won := race(t, 4, func(i int) error {
			return r.Plan.Correct(ctx, r.Dispatcher(), draft, 0, plan.Correction{Op: plan.OpSet, Item: "t1", Fields: map[string]string{"title": fmt.Sprint("标题", i)}})
		}); won != 1 || count(t, r.DB, "correction") != 1 {
			t.Errorf("%d correctors of one revision won", won)
		}
	})
}

// An import is given up just while its document is being read: it stays given up.
func TestGivenUpWhileReading(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		id, err := r.Plan.Import(ctx, r.Dispatcher(), plan.Upload{Name: "计划.txt", Data: strings.NewReader(plantest.CityText), Kind: plan.KindCity})
		must(t, err)
		slow := plan.New(plan.Parts{DB: r.DB, Log: r.Log, Pack: r.Pack, Blobs: r.Blobs, Load: func(ctx context.Context, name string, data []byte) (source.Document, error) {
			must(t, r.Plan.Discard(ctx, r.Dispatcher(), id))
			return source.Load(ctx, name, data, source.Tools{})
		}})
		must(t, slow.RunRead(ctx, id))
		if n := count(t, r.DB, "import WHERE state = 'discarded' AND reading = ''"); n != 1 {
			t.Error("the reading came back from the dead")
		}
		if n := count(t, r.DB, "audit_entry WHERE action = 'plan.read'"); n != 0 {
			t.Errorf("%d readings were recorded", n)
		}
	})
}

// The job that reads a document runs twice at once, and from two runners.
func TestReadingTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		id, err := r.Plan.Import(ctx, r.Dispatcher(), plan.Upload{Name: "计划.txt", Data: strings.NewReader(plantest.CityText), Kind: plan.KindCity})
		must(t, err)
		if won := race(t, 3, func(int) error { return r.Another().RunRead(ctx, id) }); won != 3 {
			t.Errorf("%d of 3 runs went well", won)
		}
		registry := job.NewRegistry()
		job.Handle(registry, plan.ReadJob, func(ctx context.Context, _ job.Job, id string) error { return r.Plan.RunRead(ctx, id) })
		if _, err := job.NewRunner(r.DB, registry, job.Config{}).RunDue(ctx); err != nil {
			t.Error(err)
		}
		if n := count(t, r.DB, "audit_entry WHERE action = 'plan.read'"); n != 1 {
			t.Errorf("%d readings were recorded", n)
		}
		if v := review(t, r, r.Dispatcher(), id); v.State != plan.ImportDraft || len(v.Draft.Tasks) != 5 {
			t.Errorf("%s with %d tasks", v.State, len(v.Draft.Tasks))
		}
	})
}
