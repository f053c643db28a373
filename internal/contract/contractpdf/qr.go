package contractpdf

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"

	"rinnova/internal/pdf"
)

// quiet is the white border of a QR code in modules (ISO/IEC 18004).
const quiet = 4

// code is a QR code as runs of dark modules.
type code struct {
	modules int // without the border
	runs    []run
}

// run is dark modules side by side.
type run struct{ x, y, length int }

// qrCode encodes a link with error correction of level M.
func qrCode(link string) (code, error) {
	picture, err := qr.Encode(link, qr.M, qr.Auto)
	if err != nil {
		return code{}, fmt.Errorf("QR code of %q: %w", link, err)
	}
	c := code{modules: picture.Bounds().Dx()}
	for y := range c.modules {
		for x := 0; x < c.modules; x++ {
			start := x
			for x < c.modules && picture.At(x, y) == color.Black {
				x++
			}
			if x > start {
				c.runs = append(c.runs, run{start, y, x - start})
			}
		}
	}
	return c, nil
}

// draw draws the code with its border into a square of a size in millimetres.
func (c code) draw(d *pdf.Document, x, y, size float64) {
	module := size / float64(c.modules+2*quiet)
	rects := make([]pdf.Rect, len(c.runs))
	for i, r := range c.runs {
		rects[i] = pdf.Rect{
			X: x + float64(r.x+quiet)*module, Y: y + float64(r.y+quiet)*module,
			W: float64(r.length) * module, H: module,
		}
	}
	d.Fill(0, 0, 0, rects...)
}
