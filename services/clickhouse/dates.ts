/** Whether the day at the beginning of a text is in the calendar, and its time of day on the clock: `2026-02-30` is no day. */
export function isDate(text: string): boolean {
  const [day = ''] = /^\d{4}-\d\d-\d\d/.exec(text) ?? [];
  const [, hour = '0', minute = '0', second = '0'] = /^\d{4}-\d\d-\d\d[T ](\d\d):(\d\d)(?::(\d\d))?/.exec(text) ?? [];
  const at = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
  return isDay && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}
