package registers

import (
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// The names of inputs: a field's own name behind a prefix, so that no field of a
// definition can be taken for an input of ours.
const (
	valuePrefix = "v-"
	proofPrefix = "p-"
)

// mostOptions is up to how many records a reference is offered as a list; beyond
// it the number of the record is typed.
const mostOptions = 300

// fewOptions is up to how many options stand open beside each other.
const fewOptions = 5

// inputs makes the inputs of a form for some fields of a definition, filled with values.
func (a area) inputs(c *frame.Ctx, fields []register.Field, values, problems map[string]string) ([]ui.Field, error) {
	out := make([]ui.Field, 0, len(fields))
	for _, f := range fields {
		in := inputOf(f, values[f.Name])
		in.Error = problems[f.Name]
		switch f.Type {
		case register.UnitRef:
			in.Options = unitOptions(a.app.Pack)
		case register.TaskRef:
			options, err := a.taskOptions(c)
			if err != nil {
				return nil, err
			}
			in.Options = options
		case register.RecordRef:
			if err := a.referred(c, f.Of, &in); err != nil {
				return nil, err
			}
		default:
		}
		out = append(out, in)
	}
	return out, nil
}

// inputOf is the input that suits a field.
func inputOf(f register.Field, value string) ui.Field {
	in := ui.Field{Name: valuePrefix + f.Name, Label: f.Label, Value: value, Required: f.Required, Hint: hintOf(f), Unit: f.Unit, Size: ui.Long, MaxLength: 300}
	switch f.Type {
	case register.LongText:
		in.Kind, in.Size, in.MaxLength, in.Rows = ui.TextArea, ui.Full, 4000, 3
	case register.Number:
		in.Kind, in.Size, in.MaxLength = ui.Number, ui.Short, 30
	case register.Longitude, register.Latitude:
		in.Kind, in.Size, in.MaxLength, in.Unit = ui.Number, ui.Short, 30, "度"
	case register.Date:
		in.Kind, in.Size, in.MaxLength = ui.Date, ui.Short, 0
	case register.Choice, register.Truth:
		in.Kind, in.MaxLength, in.Options = ui.Select, 0, options(f)
		if len(in.Options) <= fewOptions {
			in.Kind = ui.Radio
		}
	case register.Many:
		in.Kind, in.MaxLength, in.Options, in.Values = ui.Checks, 0, options(f), split(value)
	case register.Phone:
		in.Kind, in.Size, in.MaxLength = ui.Tel, ui.Medium, 40
	case register.USCC, register.IDNumber:
		in.Size, in.MaxLength = ui.Medium, 40
	case register.Link:
		in.Size, in.Placeholder, in.MaxLength = ui.Full, "https://", 1000
	case register.UnitRef, register.TaskRef, register.RecordRef:
		in.Kind, in.MaxLength = ui.Select, 0
	case register.Text:
	}
	return in
}

func options(f register.Field) []ui.Option {
	words := f.Options
	if f.Type == register.Truth {
		words = []string{"是", "否"}
	}
	out := make([]ui.Option, len(words))
	for i, w := range words {
		out[i] = ui.Option{Value: w, Label: w}
	}
	return out
}

func split(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, "、")
}

// hintOf puts a field's help, its form, its bounds and its source into a line.
func hintOf(f register.Field) string {
	var parts []string
	add := func(on bool, s string) {
		if on {
			parts = append(parts, strings.TrimRight(s, "。；"))
		}
	}
	add(f.Help != "", f.Help)
	add(f.Format != "" && !strings.Contains(f.Help, f.Format), f.Format)
	add(f.Type == register.USCC && f.Help == "", "18位，按营业执照填写，自动校验")
	add(f.Type == register.Longitude && f.Help == "", "WGS-84经度，如 115.985432")
	add(f.Type == register.Latitude && f.Help == "", "WGS-84纬度，如 36.456789")
	add(f.Min != nil || f.Max != nil, boundsOf(f))
	add(f.Source != "", "已有来源：“"+f.Source+"”，请先从那里取数，不重复采集")
	add(f.Personal, "个人信息，加密保存、页面脱敏")
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "；") + "。"
}

func boundsOf(f register.Field) string {
	switch {
	case f.Min != nil && f.Max != nil:
		return "在" + f.Min.String() + "到" + f.Max.String() + "之间"
	case f.Min != nil:
		return "不小于" + f.Min.String()
	case f.Max != nil:
		return "不大于" + f.Max.String()
	}
	return ""
}

func unitOptions(pack *city.Pack) []ui.Option {
	opts := make([]ui.Option, len(pack.Units))
	for i, u := range pack.Units {
		group := "市直单位"
		if u.Kind.IsGovernment() {
			group = "县（市、区）和开发区"
		}
		opts[i] = ui.Option{Value: string(u.ID), Label: u.Short, Group: group}
	}
	slices.SortStableFunc(opts, func(a, b ui.Option) int { return -strings.Compare(a.Group, b.Group) })
	return opts
}

func placeOptions(pack *city.Pack) []ui.Option {
	var opts []ui.Option
	for _, t := range pack.TerritoriesFor(city.CaliberZonesApart) {
		opts = append(opts, ui.Option{Value: string(t.ID), Label: t.Short})
	}
	return opts
}

func (a area) taskOptions(c *frame.Ctx) ([]ui.Option, error) {
	board, err := a.app.Supervise.Board(c.R.Context(), c.P)
	if err != nil {
		return nil, err
	}
	opts := make([]ui.Option, len(board.Tasks))
	for i, t := range board.Tasks {
		group := ""
		if t.Plan != nil {
			group = t.Plan.Title
		}
		opts[i] = ui.Option{Value: t.ID, Label: t.No + " " + cut(t.Title, 40), Group: group}
	}
	return opts, nil
}

// referred offers the records that a reference may name: a list while there are
// few, else the number is typed.
func (a area) referred(c *frame.Ctx, of register.ID, in *ui.Field) error {
	records, total, err := a.reg.List(c.R.Context(), c.P, register.Query{Register: of, Limit: mostOptions})
	if err != nil {
		return err
	}
	if total > len(records) {
		in.Kind, in.Placeholder = ui.TextInput, "编号"
		in.Hint += "请填写对方的编号。"
		for _, r := range records {
			if r.ID == in.Value {
				in.Value = r.No
			}
		}
		return nil
	}
	in.Kind = ui.Select
	for _, r := range records {
		in.Options = append(in.Options, ui.Option{Value: r.ID, Label: r.No + " " + r.Title})
	}
	return nil
}

// typed reads what a form carries for some fields. Inputs that were not sent are
// left out.
func (a area) typed(c *frame.Ctx, fields []register.Field) (map[string]string, error) {
	values := map[string]string{}
	for _, f := range fields {
		name := valuePrefix + f.Name
		if f.Type == register.Many {
			values[f.Name] = strings.Join(c.R.Form[name], "、")
			continue
		}
		if _, sent := c.R.Form[name]; !sent {
			if f.Type == register.Truth || f.Type == register.Choice {
				values[f.Name] = ""
			}
			continue
		}
		values[f.Name] = c.Form(name)
		if f.Type != register.RecordRef || values[f.Name] == "" {
			continue
		}
		id, err := a.numbered(c, f.Of, values[f.Name])
		if err != nil {
			return nil, err
		}
		values[f.Name] = id
	}
	return values, nil
}

// numbered gives the id of a record by its number; what is no number comes back unchanged.
func (a area) numbered(c *frame.Ctx, of register.ID, typed string) (string, error) {
	records, _, err := a.reg.List(c.R.Context(), c.P, register.Query{Register: of, Text: typed, Limit: 20, Uncounted: true})
	if err != nil {
		return "", err
	}
	for _, r := range records {
		if r.No == typed {
			return r.ID, nil
		}
	}
	return typed, nil
}

// proofInputs asks for evidence, a field for each kind.
func proofInputs(kinds []register.ProofKind, have map[string]int, problems map[string]string) []ui.Field {
	var out []ui.Field
	for _, k := range kinds {
		room := k.Most - have[k.ID]
		if k.Most > 0 && room <= 0 {
			continue
		}
		in := ui.Field{Kind: ui.File, Name: proofPrefix + k.ID, Label: k.Label, Required: k.Required && have[k.ID] == 0, Size: ui.Full, MaxBytes: register.MaxProof, Multiple: k.Most != 1, Error: problems["proof-"+k.ID]}
		in.Hint = "文件、照片或表格"
		if k.Photo {
			in.Hint, in.Accept = "照片", ".jpg,.jpeg,.png,.webp"
		}
		if k.Most > 1 {
			in.Hint += "，最多" + strconv.Itoa(room) + "个"
		}
		out = append(out, in)
	}
	return out
}
