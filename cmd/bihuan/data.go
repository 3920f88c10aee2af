package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/backup"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/register"
	"bihuan/schema"
)

// version is set by the build.
var version = "dev"

func userName() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return u.Username
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s Streams) error {
	_, err := fmt.Fprintf(s.Out, "bihuan %s\n", version)
	return err
}

// verifyCmd recomputes what must hold.
type verifyCmd struct {
	where
	Audit   string `help:"Check an exported audit log instead; needs no database and no key." type:"existingfile"`
	Draw    string `help:"Check a spot check's draw file instead: draw again from the seed and the list in it." type:"existingfile"`
	Archive string `help:"Check a month's archive instead, file by file; needs no database." type:"existingfile"`
	Head    string `help:"With --audit: the hash that the last entry must have, as kept elsewhere."`
	Files   bool   `help:"Also read every stored file and compare it with its hash." default:"true" negatable:""`
}

// Run checks and says what it checked. The error names what is wrong.
func (c *verifyCmd) Run(ctx context.Context, s Streams) error {
	if c.Audit != "" {
		return c.checkExport(s)
	}
	if c.Archive != "" {
		return c.checkArchive(s)
	}
	if c.Draw != "" {
		return c.checkDraw(s)
	}
	a, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	wrong := 0
	say := func(ok bool, format string, args ...any) {
		mark := "✓"
		if !ok {
			mark, wrong = "✗", wrong+1
		}
		fmt.Fprintf(s.Out, "%s %s\n", mark, fmt.Sprintf(format, args...))
	}
	var report audit.Report
	if err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { report, err = a.Log.Verify(tx); return err }); err != nil {
		return err
	}
	say(report.Sound(), "审计日志：%s", auditText(report))
	bad, n, err := a.Plan.CheckStandings(ctx)
	if err != nil {
		return err
	}
	say(len(bad) == 0, "进展汇总：%d 项与逐条记录重算结果一致%s", n-len(bad), listed(bad))
	bad, n, err = a.Register.CheckTotals(ctx)
	if err != nil {
		return err
	}
	say(len(bad) == 0, "台账汇总：%d 项与逐条记录重算结果一致%s", max(n-len(bad), 0), listed(bad))
	if c.Files {
		if err := checkFiles(ctx, a, say); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return errs.New(errs.Conflict, "有 %d 项核验不通过", wrong)
	}
	return nil
}

func checkFiles(ctx context.Context, a *app.App, say func(bool, string, ...any)) error {
	r, err := blob.Verify(ctx, a.Blobs, nil)
	if err != nil {
		return err
	}
	missing, named, err := a.Plan.MissingFiles(ctx)
	if err != nil {
		return err
	}
	more, count, err := a.Register.MissingFiles(ctx)
	if err != nil {
		return err
	}
	missing, named = append(missing, more...), named+count
	if more, count, err = a.Sheets.MissingFiles(ctx); err != nil {
		return err
	}
	missing, named = append(missing, more...), named+count
	say(len(r.Broken) == 0, "附件内容：%d 个文件与其散列一致%s", r.Files-len(r.Broken), listed(r.Broken))
	say(len(missing) == 0, "附件引用：%d 处引用都有文件%s", named-len(missing), listed(missing))
	return nil
}

func listed(names []string) string {
	if len(names) == 0 {
		return ""
	}
	const most = 10
	return fmt.Sprintf("；不符 %d 项：%v", len(names), names[:min(most, len(names))])
}

func auditText(r audit.Report) string {
	if r.Sound() {
		return fmt.Sprintf("%d 条，链条完整，末条散列 %s", r.Count, r.Head.Hash)
	}
	return fmt.Sprintf("第 %d 条起不可信：%s（此前 %d 条完好）", r.Fault.Seq, r.Fault.Detail, r.Count)
}

func (c *verifyCmd) checkDraw(s Streams) error {
	f, err := os.Open(c.Draw)
	if err != nil {
		return errs.New(errs.NotFound, "打不开 %s", c.Draw).Because(err)
	}
	defer func() { _ = f.Close() }() // read only
	problems, err := register.VerifyDraw(f)
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(s.Out, "✗ "+p)
	}
	if len(problems) > 0 {
		return errs.New(errs.Conflict, "抽查文件有 %d 处不符", len(problems))
	}
	_, err = fmt.Fprintln(s.Out, "✓ 种子与承诺相符，名单与指纹相符，重新抽取的结果一致")
	return err
}

func (c *verifyCmd) checkArchive(s Streams) error {
	f, err := os.Open(c.Archive)
	if err != nil {
		return errs.New(errs.NotFound, "打不开 %s", c.Archive).Because(err)
	}
	defer func() { _ = f.Close() }() // read only
	info, err := f.Stat()
	if err != nil {
		return err
	}
	wrong, m, err := matter.CheckArchive(f, info.Size())
	if err != nil {
		return err
	}
	for _, w := range wrong {
		fmt.Fprintln(s.Out, "✗ "+w)
	}
	if len(wrong) > 0 {
		return errs.New(errs.Conflict, "归档有 %d 处不符", len(wrong))
	}
	_, err = fmt.Fprintf(s.Out, "✓ %s %s 的归档，%d 个文件与清单一致\n", m.City, m.Month, len(m.Files))
	return err
}

func (c *verifyCmd) checkExport(s Streams) error {
	f, err := os.Open(c.Audit)
	if err != nil {
		return errs.New(errs.NotFound, "打不开 %s", c.Audit).Because(err)
	}
	defer func() { _ = f.Close() }()
	r, err := audit.VerifyExport(f)
	if err != nil {
		return err
	}
	if !r.Sound() {
		return errs.New(errs.Conflict, "审计日志：%s", auditText(r))
	}
	if c.Head != "" && c.Head != r.Head.Hash {
		return errs.New(errs.Conflict, "末条散列是 %s，与另存的 %s 不符：日志被截断或更换", r.Head.Hash, c.Head)
	}
	_, err = fmt.Fprintf(s.Out, "✓ 审计日志：%s\n", auditText(r))
	return err
}

type backupCmd struct {
	where
	Out string `arg:"" optional:"" help:"The file to write; default bihuan-DATE.tar.gz here." type:"path"`
}

// Run writes a backup while the program may go on serving.
func (c *backupCmd) Run(ctx context.Context, s Streams) error {
	a, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	if c.Out == "" {
		c.Out = a.DB.Now().Local().Format("bihuan-20060102-150405.tar.gz")
	}
	m, err := backup.Write(ctx, a.DB, schema.FS, a.Blobs, c.Out)
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, t := range m.Tables {
		rows += t.Rows
	}
	fmt.Fprintf(s.Out, "备份完成：%s（%d 张表 %d 行，%d 个附件）\n密钥不在备份里：请另外保存 %s，没有它加密的内容无法恢复。\n", c.Out, len(m.Tables), rows, m.Files, keysPath(c.where))
	return nil
}

func keysPath(w where) string {
	if w.Keys != "" {
		return w.Keys
	}
	return filepath.Join(w.Data, "keys.json")
}

type restoreCmd struct {
	where
	File string `arg:"" help:"The backup file." type:"existingfile"`
}

// Run fills an empty data folder or database.
func (c *restoreCmd) Run(ctx context.Context, s Streams) error {
	if _, err := os.Stat(keysPath(c.where)); err != nil {
		return errs.New(errs.NotFound, "找不到密钥文件 %s：请先把备份时另存的 keys.json 放好，或用 --keys 指明", keysPath(c.where))
	}
	config, err := c.config(nil)
	if err != nil {
		return err
	}
	d, err := app.OpenDB(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	blobs, err := app.OpenBlobs(ctx, config, d.Now)
	if err != nil {
		return err
	}
	m, err := backup.Restore(ctx, d, schema.FS, blobs, c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "恢复完成：%s 的备份，%d 张表，%d 个附件。请运行 bihuan verify 核验。\n", m.Created.Local().Format(time.DateTime), len(m.Tables), m.Files)
	return nil
}

type migrateCmd struct{ where }

// Run applies migrations and says which version is reached.
func (c *migrateCmd) Run(ctx context.Context, s Streams) error {
	a, err := c.open(ctx, s) // opening migrates
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	v, err := a.DB.SchemaVersion(ctx, schema.FS)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "数据库版本 %d\n", v)
	return err
}

type cityCmd struct {
	Check cityCheckCmd `cmd:"" help:"Check a city pack and name every fault with file and line."`
	List  cityListCmd  `cmd:"" help:"List the built-in packs."`
}

type cityCheckCmd struct {
	Dir string `arg:"" help:"The pack's folder." type:"existingdir"`
}

// Run prints the faults of a pack, or what it holds.
func (c *cityCheckCmd) Run(s Streams) error {
	problems := city.Check(os.DirFS(c.Dir))
	for _, p := range problems {
		fmt.Fprintln(s.Out, p)
	}
	if len(problems) > 0 {
		return errs.New(errs.Invalid, "城市包有 %d 处需要更正", len(problems))
	}
	p, err := city.Load(os.DirFS(c.Dir))
	if err != nil {
		return err
	}
	problems = register.Problems(p.Files, p, matter.Known)
	for _, x := range problems {
		fmt.Fprintln(s.Out, x)
	}
	if len(problems) > 0 {
		return errs.New(errs.Invalid, "台账定义有 %d 处需要更正", len(problems))
	}
	catalog, err := register.LoadCatalog(p, matter.Known)
	if err != nil {
		return err
	}
	wrong := matter.CheckPack(p, catalog)
	for _, x := range wrong {
		fmt.Fprintln(s.Out, publicText(x))
	}
	if len(wrong) > 0 {
		return errs.New(errs.Invalid, "指标和评分的数据来源有 %d 处需要更正", len(wrong))
	}
	_, err = fmt.Fprintf(s.Out, "✓ %s：%d 个单位，%d 个地区，%d 份文件，%d 本台账\n", p.Name, len(p.Units), len(p.Territories), len(p.Documents), len(catalog.All()))
	return err
}

type cityListCmd struct{}

// Run lists the built-in packs.
func (cityListCmd) Run(s Streams) error {
	for _, n := range city.Names() {
		p, err := city.LoadBuiltin(n)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "%s\t%s\t%s\n", n, p.Name, p.Version)
	}
	return nil
}

// adminCmd is for the operator with a shell on the server.
type adminCmd struct {
	ExportAudit exportAuditCmd `cmd:"" name:"export-audit" help:"Write the audit log as a file that anyone can check with verify --audit."`
	RotateKeys  rotateKeysCmd  `cmd:"" name:"rotate-keys" help:"Make a new key for what is sealed from now on, and re-seal what is stored."`
	Rebuild     rebuildCmd     `cmd:"" help:"Compute every total of the registers anew from their records, when verify names one that is wrong."`
	LoginLink   loginLinkCmd   `cmd:"" name:"login-link" help:"Print a one-time log-in link for an account of a demonstration."`
	Invite      inviteCmd      `cmd:"" help:"Print a new invitation link for an account, for somebody who lost the password or the second factor."`
}

type exportAuditCmd struct {
	where
	Out string `arg:"" help:"The file to write." type:"path"`
}

// Run exports the whole chain.
func (c *exportAuditCmd) Run(ctx context.Context, s Streams) (err error) {
	a, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return errs.New(errs.Conflict, "无法新建文件 %s：可能已存在", c.Out).Because(err)
	}
	var head audit.Head
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) { head, err = a.Log.Export(tx, 0, io.Writer(f)); return err })
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "已导出 %d 条，末条散列 %s（请另存这个散列，日后用 verify --audit --head 对照）\n", head.Seq, head.Hash)
	return err
}

type rotateKeysCmd struct{ where }

// Run rotates the key and re-seals.
func (c *rotateKeysCmd) Run(ctx context.Context, s Streams) error {
	a, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	key, err := a.Keys.Rotate(a.DB.Now())
	if err != nil {
		return err
	}
	n, err := a.Reseal(ctx, org.CommandLine(userName()))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "新密钥 %s 已启用，%d 处已重新加密。正在运行的服务需重启以读取新密钥；请重新保存密钥文件 %s。\n", key.ID, n, keysPath(c.where))
	return err
}

type rebuildCmd struct{ where }

// Run computes the totals anew.
func (c *rebuildCmd) Run(ctx context.Context, s Streams) error {
	a, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	if err := a.Register.Rebuild(ctx, org.CommandLine(userName())); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "%d 个台账的汇总已按逐条记录重新计算，并记入审计日志。\n", len(a.Register.Catalog().All()))
	return err
}

type inviteCmd struct {
	where
	Login string `arg:"" help:"The account's login name."`
	Base  string `help:"Address of the service, for the printed link." default:"http://127.0.0.1:8080"`
}

// Run prints the link.
func (c *inviteCmd) Run(ctx context.Context, s Streams) error {
	a, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	operator := org.CommandLine(userName())
	id, err := personByLogin(ctx, a, operator, c.Login)
	if err != nil {
		return err
	}
	inv, err := a.Org.Reinvite(ctx, operator, id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "邀请链接  %s/invitation/%s\n          （一次有效，%s 前）\n", c.Base, inv.Token, inv.Expires.Local().Format(time.DateTime))
	return err
}

func personByLogin(ctx context.Context, a *app.App, p org.Principal, login string) (string, error) {
	found, err := a.Org.People(ctx, p, org.PeopleFilter{Text: login, Limit: 500})
	if err != nil {
		return "", err
	}
	for _, person := range found {
		if person.Login == login {
			return person.ID, nil
		}
	}
	return "", errs.New(errs.NotFound, "没有登录名为“%s”的账号", login)
}

// loginLinkCmd lets whoever has the server look at a demonstration as any of its people.
type loginLinkCmd struct {
	where
	Login string `arg:"" help:"The account's login name."`
	Base  string `help:"Address of the service, for the printed link." default:"http://127.0.0.1:8080"`
}

// Run prints the link.
func (c *loginLinkCmd) Run(ctx context.Context, s Streams) error {
	a, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	operator := org.CommandLine(userName())
	id, err := personByLogin(ctx, a, operator, c.Login)
	if err != nil {
		return err
	}
	token, err := a.Org.IssueLoginLink(ctx, operator, id, time.Hour)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "登录链接  %s/login/%s\n          （一次有效，1 小时内）\n", c.Base, token)
	return err
}
