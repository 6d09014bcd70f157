import { Page } from '../../services/sinks/page.ts';

/** One for all, as for the bodies of a lane: a new one is four megabytes. */
const page = new Page();

/** What is written on a blank page. */
export function written(write: (page: Page) => void): Buffer {
  page.cut(0);
  write(page);
  return Buffer.from(page.written());
}
