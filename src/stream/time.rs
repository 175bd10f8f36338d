//! Points in time as hosts write them.

use alloc::format;
use alloc::string::String;

/// Milliseconds since 1970 as an ISO 8601 time of UTC, as in `2026-05-28T09:30:00.125Z`: the form in which hosts store
/// times. A year without four digits is written with its sign and six or more, as the standard asks.
///
/// ```
/// use session_lifecycle::stream::iso_time;
///
/// assert_eq!(iso_time(1_779_960_600_125), "2026-05-28T09:30:00.125Z");
/// ```
#[must_use]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a count of milliseconds has too few days to overflow, and no divisor is 0"
)]
pub fn iso_time(millis: i64) -> String {
    let (day, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    // The civil calendar from a count of days, in eras of 400 years that begin in March.
    let shifted = day + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let year = if (0..10_000).contains(&year) {
        format!("{year:04}")
    } else {
        format!("{year:+07}")
    };
    let (seconds, millis) = (rest / 1000, rest % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}
