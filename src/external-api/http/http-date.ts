const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
/** A second of 60 is a leap second. */
const TIME = String.raw`(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d):(?<second>[0-5]\d|60)`;
const DAY_NAME = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY_NAME = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';

/** The three forms of a date in HTTP (RFC 9110, section 5.6.7). All of them are in UTC. */
const FORMS = [
  new RegExp(String.raw`^${DAY_NAME}, (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} GMT$`),
  new RegExp(String.raw`^${LONG_DAY_NAME}, (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} GMT$`),
  new RegExp(String.raw`^${DAY_NAME} ${MONTH} (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`),
];

/** A year of two digits that seems to be further in the future than this is in the past (RFC 9110). */
const MAX_YEARS_AHEAD = 50;

/** Parses a date in one of the forms of HTTP. Returns the wall time in ms; undefined if the text is no date. */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  for (const form of FORMS) {
    const { year, month = '', day, hour, minute, second } = form.exec(text)?.groups ?? {};
    if (year !== undefined) {
      const monthIndex = MONTHS.indexOf(month);
      const midnight = new Date(Date.UTC(toFullYear(year, nowMs), monthIndex, Number(day)));
      const isRealDay = midnight.getUTCMonth() === monthIndex && Number(day) > 0;
      const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
      return isRealDay ? midnight.getTime() + seconds * 1000 : undefined;
    }
  }
  return undefined;
}

function toFullYear(year: string, nowMs: number): number {
  if (year.length > 2) {
    return Number(year);
  }
  const thisYear = new Date(nowMs).getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + Number(year);
  return inThisCentury > thisYear + MAX_YEARS_AHEAD ? inThisCentury - 100 : inThisCentury;
}
