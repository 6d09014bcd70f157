import { userInfo } from 'node:os';

/** Who runs this process, by the operating system's word. Containers are started under numbers that have no name. */
export function account(named = (): string => userInfo().username): string {
  try {
    return named();
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
