package contractpdf

import (
	"bytes"
	"crypto/sha256"
	"image/png"
	"sync"

	"rinnova/internal/pdf"
)

// logo is a vendor's logo made ready for paper.
type logo struct {
	image         *pdf.Image
	width, height float64 // millimetres
}

// logos keeps the logos that were made ready: an installation has one, and it is on every document.
type logos struct {
	mu    sync.Mutex
	ready map[[sha256.Size]byte]*logo
}

// Bounds of what is kept and decoded.
const (
	maxLogos  = 8
	maxPixels = 2_500_000 // more than ten times a logo of 40 × 10 mm at 600 dpi
)

// get makes a logo ready. It is nil for none, and for one that is not a PNG file or far too large.
func (l *logos) get(res *pdf.Resources, data []byte) *logo {
	if len(data) == 0 {
		return nil
	}
	key := sha256.Sum256(data)
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.ready[key]; ok {
		return known
	}
	if l.ready == nil || len(l.ready) >= maxLogos {
		l.ready = map[[sha256.Size]byte]*logo{}
	}
	made := makeLogo(res, data)
	l.ready[key] = made
	return made
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
