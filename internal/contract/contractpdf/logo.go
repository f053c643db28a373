package contractpdf

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"
)

// logo is a vendor's logo made ready for paper.
type logo struct {
	png           []byte
	width, height float64 // millimetres
}

// logos keeps the logos that were made ready: there is one, and it is in every document.
type logos struct {
	mu    sync.Mutex
	ready map[[sha256.Size]byte]*logo
}

// maxPixels bounds what is decoded: ten times a logo of 40 × 10 mm at 600 dpi.
const maxPixels = 2_500_000

// get makes a logo ready: on white, without transparency and with eight bits per colour, as PDF/A likes it best.
// It is nil for none, and for one that is not a PNG file.
func (l *logos) get(data []byte) *logo {
	if len(data) == 0 {
		return nil
	}
	key := sha256.Sum256(data)
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.ready[key]; ok {
		return known
	}
	if l.ready == nil || len(l.ready) > 8 {
		l.ready = map[[sha256.Size]byte]*logo{}
	}
	made := makeLogo(data)
	l.ready[key] = made
	return made
}

func makeLogo(data []byte) *logo {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width*c.Height > maxPixels || c.Width*c.Height == 0 {
		return nil
	}
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	flat := image.NewRGBA(image.Rect(0, 0, c.Width, c.Height))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), src, src.Bounds().Min, draw.Over)
	var b bytes.Buffer
	if err := png.Encode(&b, flat); err != nil {
		return nil
	}
	height := min(markHeight, maxMarkWidth*float64(c.Height)/float64(c.Width))
	return &logo{b.Bytes(), height * float64(c.Width) / float64(c.Height), height}
}
