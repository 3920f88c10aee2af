package ui

import (
	"context"
	"io"
)

// LightRows is rows of lights of different lengths, such as the tasks of each
// action. Unlike a Matrix its columns mean nothing, so a row wraps where there is
// no room and nothing scrolls sideways.
type LightRows struct {
	Label string // what the rows show, for screen readers
	Rows  []MatrixRow
}

// Render draws the rows.
func (r LightRows) Render(ctx context.Context, w io.Writer) error {
	return lightRowsView(r).Render(ctx, w)
}

// LightCounts is counted lights in a line, for table cells where a LightBar would
// make few things look as many.
type LightCounts struct {
	Label  string // what is counted, for screen readers
	Counts []LightCount
}

// Render draws the counts.
func (c LightCounts) Render(ctx context.Context, w io.Writer) error {
	return lightCountsView(c).Render(ctx, w)
}
