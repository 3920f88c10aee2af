package office

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"bihuan/kit/errs"
)

// maxDepth bounds the nesting of elements; real documents stay under 60.
const maxDepth = 400

// errEntities refuses a document type declaration: no office program writes
// one, and entities declared in it can expand without end or name our files.
var errEntities = errors.New("document type declaration")

// xmlReader walks the elements of one part. Names are compared without their
// prefix: the transitional and the strict namespaces differ, the names do not.
type xmlReader struct {
	dec   *xml.Decoder
	depth int
}

// newXMLReader prepares a part for reading; UTF-16 with a byte order mark is
// turned into UTF-8.
func newXMLReader(data []byte) (*xmlReader, error) {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		plain, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, fmt.Errorf("decode UTF-16: %w", err)
		}
		data = plain
	}
	dec := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf") {
			return in, nil // decoded above
		}
		return nil, fmt.Errorf("encoding %q", label)
	}
	return &xmlReader{dec: dec}, nil
}

// next returns the next start or end of an element or a run of characters. At
// the end of the part it returns io.EOF.
func (x *xmlReader) next() (xml.Token, error) {
	for {
		token, err := x.dec.Token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if x.depth++; x.depth > maxDepth {
				return nil, fmt.Errorf("elements nested deeper than %d", maxDepth)
			}
			return t, nil
		case xml.EndElement:
			x.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, errEntities
		}
	}
}

// children calls each for every child element of the element just entered, and
// returns when that element ends. Each must consume the child, by children,
// text or skip.
func (x *xmlReader) children(each func(xml.StartElement) error) error {
	for {
		token, err := x.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := each(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip passes over the element just entered.
func (x *xmlReader) skip() error {
	for open := 1; open > 0; {
		token, err := x.next()
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		}
	}
	return nil
}

// text returns the characters directly inside the element just entered.
func (x *xmlReader) text() (string, error) {
	var b strings.Builder
	for {
		token, err := x.next()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			if err := x.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return b.String(), nil
		}
	}
}

// root enters the first element of the part.
func (x *xmlReader) root() (xml.StartElement, error) {
	for {
		token, err := x.next()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := token.(xml.StartElement); ok {
			return start, nil
		}
	}
}

// attr returns the attribute with the local name, or "".
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// on reads a switch property such as <w:vanish/>: present means on unless its
// value says otherwise.
func on(e xml.StartElement) bool {
	switch strings.ToLower(attr(e, "val")) {
	case "0", "false", "off", "none":
		return false
	}
	return true
}

// xmlFailure turns a reading error into the refusal for the user.
func xmlFailure(part string, err error) error {
	var known *errs.Error
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, errEntities) {
		return errs.New(errs.Invalid, "文件里有不允许的实体声明，可能是恶意文件，请用 Word 或 WPS 打开后另存再上传").Because(fmt.Errorf("part %s: %w", part, err))
	}
	return damagedPart(part, err)
}
