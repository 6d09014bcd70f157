import { Page } from '../../services/sinks/page.ts';

/** What is written on a page of its own. */
export function written(write: (page: Page) => void): Buffer {
  const page = new Page();
  write(page);
  return page.written();
}
