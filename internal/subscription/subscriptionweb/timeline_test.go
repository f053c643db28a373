package subscriptionweb

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/subscription"
)

// Every period is a bar inside the picture or is counted as cut off, and later periods lie further to the right.
func TestEveryPeriodIsDrawnOrCounted(t *testing.T) {
	today := rinnova.MustDate("2026-11-20")
	rapid.Check(t, func(rt *rapid.T) {
		var all []entry
		for range rapid.IntRange(0, 20).Draw(rt, "periods") {
			from := today.AddDays(rapid.IntRange(-6000, 4000).Draw(rt, "from"))
			all = append(all, entry{Product: fmt.Sprint("P", rapid.IntRange(0, 4).Draw(rt, "product")),
				Subscription: subscription.Subscription{Period: rinnova.Period{From: from, To: from.AddDays(rapid.IntRange(0, 1500).Draw(rt, "days"))}}})
		}
		picture := draw(all, today)
		bars := 0
		for _, r := range picture.Rows {
			bars += len(r.Bars)
			for _, b := range r.Bars {
				if b.X < 0 || b.Width < 3 || b.X+b.Width > chartWidth+3 || b.Y < r.Y || b.Y+barHeight > picture.Height {
					rt.Fatalf("%+v is outside of %d × %d", b, chartWidth, picture.Height)
				}
			}
		}
		if bars+picture.Cut != len(all) || len(picture.Years) > yearsShown || picture.Today < 0 || picture.Today > chartWidth {
			rt.Fatalf("%d bars and %d cut of %d; %d years, today at %d", bars, picture.Cut, len(all), len(picture.Years), picture.Today)
		}
		for i := 1; i < len(picture.Years); i++ {
			if picture.Years[i].X <= picture.Years[i-1].X {
				rt.Fatalf("years %v", picture.Years)
			}
		}
	})
}
