/** Work that can be watched: a bar on stderr where somebody looks, silence where nobody does. */
export interface Progress {
  advance(by: number): void;
  end(): void;
}

const WIDTH = 30;

/** Redraws at most once per percent. */
export function progress(what: string, total: number): Progress {
  if (process.stderr.isTTY !== true || total === 0) return { advance() {}, end() {} };
  let [done, shown] = [0, -1];
  return {
    advance(by) {
      done += by;
      const percent = Math.floor((done / total) * 100);
      if (percent === shown) return;
      shown = percent;
      const filled = Math.round((done / total) * WIDTH);
      process.stderr.write(`\r${what} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${percent}%`);
    },
    end: () => void process.stderr.write('\r\u001b[K'),
  };
}
