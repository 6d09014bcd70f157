import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';

/** Where the call came from. Newer versions repeat both leaves outside `metadata`. */
export function clientOf(read: Reading): Pick<Mapped, 'client_address' | 'user_agent' | 'surface'> {
  const user_agent = read.text('user_agent') ?? read.text('metadata', 'user_agent');
  return {
    client_address: read.text('requester_ip_address') ?? read.text('metadata', 'requester_ip_address'),
    user_agent,
    surface: user_agent?.startsWith('claude-cli/') === true ? 'cli' : 'api',
  };
}
