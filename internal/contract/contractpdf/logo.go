package contractpdf

import (
	"bytes"
	"crypto/sha256"
	"image/png"

	"rinnova/internal/pdf"
)

// logo is a vendor's logo made ready for paper.
type logo struct {
	image         *pdf.Image
	width, height float64 // millimetres
}

// maxPixels bounds what is decoded: more than ten times a logo of 40 × 10 mm at 600 dpi.
const maxPixels = 2_500_000

// logo is the vendor's logo, nil where it has none or one that is not a PNG file or far too large.
func (p *Printer) logo(data []byte) *logo {
	if len(data) == 0 {
		return nil
	}
	return p.logos.get(sha256.Sum256(data), func() *logo { return makeLogo(p.res, data) })
}

func makeLogo(res *pdf.Resources, data []byte) *logo {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return nil
	}
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	image := res.NewImage(src)
	height := min(markHeight, maxMarkWidth/image.Aspect())
	return &logo{image, height * image.Aspect(), height}
}
