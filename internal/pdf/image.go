package pdf

import (
	"image"
	"strconv"

	"rinnova/internal/pdf/incremental"
)

// Image is a picture made ready for documents: on white, three bytes for each pixel, compressed.
type Image struct {
	width, height int // pixels
	data          []byte
}

// NewImage makes a picture ready. What is transparent in it becomes white: PDF/A-2 allows transparency, paper does not.
func (r *Resources) NewImage(src image.Image) *Image {
	b := src.Bounds()
	pixels := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			red, green, blue, alpha := src.At(x, y).RGBA() // of 65535, multiplied by alpha
			white := 0xFFFF - alpha
			pixels = append(pixels, byte((red+white)>>8), byte((green+white)>>8), byte((blue+white)>>8))
		}
	}
	return &Image{b.Dx(), b.Dy(), r.deflate(pixels)}
}

// Aspect is the picture's width divided by its height.
func (i *Image) Aspect() float64 { return float64(i.width) / float64(i.height) }

// object is the picture as a PDF object (ISO 32000-1, 8.9.5).
func (i *Image) object() *incremental.Stream {
	return &incremental.Stream{Data: i.data, Dict: incremental.Dict{
		"Type": incremental.Name("XObject"), "Subtype": incremental.Name("Image"),
		"Width": incremental.Integer(i.width), "Height": incremental.Integer(i.height),
		"ColorSpace": incremental.Name("DeviceRGB"), "BitsPerComponent": incremental.Integer(8),
		"Filter": incremental.Name("FlateDecode"),
	}}
}

// Image draws a picture into a rectangle.
func (d *Document) Image(i *Image, r Rect) {
	d.decorate()
	d.images = append(d.images, i)
	p := d.page()
	p.op("q")
	p.op("cm", ptX(r.W), 0, 0, ptX(r.H), ptX(r.X), ptY(r.Y+r.H))
	p.op("/" + imageName(len(d.images)-1) + " Do")
	p.op("Q")
}

// imageName is the name of a picture in the resources of all pages.
func imageName(i int) string { return "I" + strconv.Itoa(i) }
