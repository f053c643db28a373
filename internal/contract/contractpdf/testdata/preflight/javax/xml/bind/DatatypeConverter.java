package javax.xml.bind;

import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.GregorianCalendar;

public final class DatatypeConverter {
	public static Calendar parseDateTime(String s) {
		return GregorianCalendar.from(OffsetDateTime.parse(s).toZonedDateTime());
	}

	public static int parseInt(String s) {
		return Integer.parseInt(s.trim());
	}
}
