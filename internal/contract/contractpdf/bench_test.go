package contractpdf

import "testing"

func benchmark(b *testing.B, draw func() ([]byte, error)) {
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		file, err := draw()
		if err != nil {
			b.Fatal(err)
		}
		size = len(file)
	}
	b.ReportMetric(float64(size), "bytes/doc")
}

func BenchmarkContract(b *testing.B) {
	p, d := newPrinter(b), sampleContract(b)
	benchmark(b, func() ([]byte, error) { return p.Contract(d) })
}

func BenchmarkServices(b *testing.B) {
	p, d := newPrinter(b), sampleServices(b)
	benchmark(b, func() ([]byte, error) { return p.Contract(d) })
}

func BenchmarkReminder(b *testing.B) {
	p, r := newPrinter(b), sampleReminder(b)
	benchmark(b, func() ([]byte, error) { return p.Reminder(r) })
}
