package contractpdf

import (
	"syscall"
	"testing"
)

func benchmark(b *testing.B, draw func() ([]byte, error)) {
	size := 0
	b.ReportAllocs()
	start := cpu(b)
	for b.Loop() {
		file, err := draw()
		if err != nil {
			b.Fatal(err)
		}
		size = len(file)
	}
	b.ReportMetric((cpu(b)-start)/float64(b.N), "cpu-ms/doc")
	b.ReportMetric(float64(size), "bytes/doc")
}

// cpu is the processor time of this process in milliseconds: unlike the time on the clock, it does not depend on what
// else the machine does.
func cpu(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
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

func BenchmarkExplainedContract(b *testing.B) {
	p := newPrinter(b)
	d, _ := explainedContract(b)
	benchmark(b, func() ([]byte, error) { return p.Contract(d) })
}
