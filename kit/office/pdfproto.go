package office

// The child reads one line of JSON (childOrder) and then the file from its
// input, and writes lines of JSON (childLine) to its output: one for each page,
// then one with Done or Fail. A missing last line means that the child died.

// childOrder tells the child what to read and how far to go.
type childOrder struct {
	CacheDir string `json:"cache_dir"` // compiled engine; empty for none
	Size     int64  `json:"size"`      // bytes of the file that follow
	MaxPages int    `json:"max_pages"`
	Memory   int64  `json:"memory"` // bytes that the engine itself may hold
}

// childLine is one line of the answer.
type childLine struct {
	Text   string    `json:"text,omitempty"`
	Images int       `json:"images,omitempty"`
	Done   bool      `json:"done,omitempty"`
	Fail   childFail `json:"fail,omitempty"`
	Cause  string    `json:"cause,omitempty"` // for the log, with Fail
}

// childFail says why the child gave up.
type childFail string

const (
	failPassword childFail = "password" // the file needs a password
	failDamaged  childFail = "damaged"  // the engine cannot make sense of the file
	failNoPages  childFail = "no_pages" // the document is whole and has no page
	failPages    childFail = "pages"    // more pages than allowed
	failEngine   childFail = "engine"   // the engine did not start: a fault of ours
)
