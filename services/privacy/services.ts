import type { Detector } from './detector.ts';
import { type Shape, tokenDetectors } from './shapes.ts';

const WORD = '[A-Za-z0-9_-]';

/** Tokens of further services, as their vendors document them. */
const SHAPES: readonly Shape[] = [
  // Models and what is built around them.
  { kind: 'replicate-token', begins: ['r8_'], follows: '[A-Za-z0-9]{36,}', atWordStart: true },
  { kind: 'api-key', begins: ['nvapi-'], follows: `${WORD}{40,}`, atWordStart: true },
  { kind: 'api-key', begins: ['csk-'], follows: '[a-z0-9]{40,}', atWordStart: true },
  { kind: 'api-key', begins: ['fw_', 'tgp_v1_'], follows: `(?=${WORD}{0,40}[0-9])${WORD}{22,}`, atWordStart: true },
  { kind: 'langsmith-key', begins: ['lsv2_pt_', 'lsv2_sk_'], follows: '[0-9a-f]{32,}(?:_[0-9a-f]+)?' },
  { kind: 'pinecone-key', begins: ['pcsk_'], follows: '[A-Za-z0-9_]{40,}' },
  { kind: 'api-key', begins: ['e2b_'], follows: '[0-9a-f]{40,}', atWordStart: true },
  // Clouds, platforms and databases.
  { kind: 'alibaba-key', begins: ['LTAI'], follows: '[A-Za-z0-9]{12,}', atWordStart: true },
  { kind: 'tencent-key', begins: ['AKID'], follows: '[A-Za-z0-9]{28,}', atWordStart: true },
  { kind: 'yandex-key', begins: ['AQVN'], follows: `${WORD}{30,}`, atWordStart: true },
  { kind: 'supabase-key', begins: ['sbp_', 'sb_secret_'], follows: '[A-Za-z0-9_]{20,}', atWordStart: true },
  {
    kind: 'planetscale-password',
    begins: ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'],
    follows: '[A-Za-z0-9_=.-]{32,}',
  },
  { kind: 'netlify-token', begins: ['nfp_'], follows: '[A-Za-z0-9]{36,}', atWordStart: true },
  { kind: 'fly-token', begins: ['fm1_', 'fm2_'], follows: '[A-Za-z0-9+/=_-]{60,}', atWordStart: true },
  { kind: 'heroku-key', begins: ['HRKU-'], follows: `${WORD}{36,}` },
  { kind: 'render-key', begins: ['rnd_'], follows: '[A-Za-z0-9]{30,}', atWordStart: true },
  { kind: 'doppler-token', begins: ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.'], follows: '[A-Za-z0-9._-]{40,}' },
  { kind: 'pulumi-token', begins: ['pul-'], follows: '[0-9a-f]{40,}', atWordStart: true },
  { kind: 'onepassword-token', begins: ['ops_eyJ'], follows: `[A-Za-z0-9+/=_-]{60,}` },
  { kind: 'cloudflare-key', begins: ['v1.0-'], follows: '[0-9a-f]{24}-[0-9a-f]{100,}', atWordStart: true },
  { kind: 'artifactory-token', begins: ['AKCp'], follows: '[A-Za-z0-9]{60,}', atWordStart: true },
  { kind: 'artifactory-token', begins: ['cmVmdGtu'], follows: '[A-Za-z0-9]{50,}', atWordStart: true },
  // Where code is kept, built, watched and published.
  { kind: 'bitbucket-token', begins: ['BBDC-'], follows: '[A-Za-z0-9+/=]{40,}' },
  { kind: 'gitlab-token', begins: ['GR1348941'], follows: `${WORD}{20,}` },
  { kind: 'circleci-token', begins: ['CCIPAT_', 'CCIPRJ_'], follows: '[A-Za-z0-9_]{40,}' },
  { kind: 'buildkite-token', begins: ['bkua_'], follows: '[0-9a-f]{40,}' },
  { kind: 'sentry-token', begins: ['sntrys_', 'sntryu_'], follows: '[A-Za-z0-9+/=_-]{40,}' },
  { kind: 'sonar-token', begins: ['squ_', 'sqp_', 'sqa_'], follows: '[0-9a-f]{40,}', atWordStart: true },
  { kind: 'posthog-key', begins: ['phx_'], follows: '[A-Za-z0-9]{30,}', atWordStart: true },
  { kind: 'rubygems-key', begins: ['rubygems_'], follows: '[0-9a-f]{48,}' },
  { kind: 'nuget-key', begins: ['oy2'], follows: '[a-z0-9]{43,}', atWordStart: true },
  { kind: 'crates-token', begins: ['cio'], follows: '[A-Za-z0-9]{32,}', atWordStart: true },
  { kind: 'terraform-token', begins: ['.atlasv1.'], follows: '[A-Za-z0-9_=-]{60,}' },
  // Chat, mail, payment and office.
  { kind: 'mailgun-key', begins: ['key-'], follows: '[0-9a-f]{32,}', atWordStart: true },
  { kind: 'brevo-key', begins: ['xkeysib-', 'xsmtpsib-'], follows: '[0-9a-f]{64,}(?:-[A-Za-z0-9]+)?' },
  {
    kind: 'square-token',
    begins: ['sq0atp-', 'sq0csp-', 'EAAAl', 'EAAAE'],
    follows: `${WORD}{22,}`,
    atWordStart: true,
  },
  { kind: 'paypal-token', begins: ['access_token$production$'], follows: '[0-9a-z]{16}\\$[0-9a-f]{32,}' },
  { kind: 'razorpay-key', begins: ['rzp_live_', 'rzp_test_'], follows: '[A-Za-z0-9]{14,}' },
  { kind: 'plaid-token', begins: ['access-production-', 'access-sandbox-'], follows: '[0-9a-f]{8}-[0-9a-f-]{27,}' },
  { kind: 'postman-key', begins: ['PMAK-'], follows: '[0-9a-f]{24}-[0-9a-f]{34,}' },
  { kind: 'figma-token', begins: ['figd_'], follows: `${WORD}{40,}` },
  { kind: 'notion-token', begins: ['ntn_'], follows: '[A-Za-z0-9]{40,}', atWordStart: true },
  { kind: 'contentful-token', begins: ['CFPAT-'], follows: `${WORD}{43,}` },
  { kind: 'okta-token', begins: ['SSWS 00'], follows: `${WORD}{40,}`, atWordStart: true },
];

/** `123456789:AA…`, which is a bot's number and its secret. */
const TELEGRAM = /(?<=[0-9]{8,10})(?::|%3[Aa])AA[A-Za-z0-9_-]{32,}/y;

const telegramToken: Detector = {
  triggers: [':AA', '%3AAA'],
  read(text, at) {
    TELEGRAM.lastIndex = at;
    const colon = text.startsWith('%', at) ? 3 : 1;
    return TELEGRAM.test(text) ? { start: at + colon, end: TELEGRAM.lastIndex, kind: 'telegram-token' } : undefined;
  },
};

/** `pat` and 14 characters, a dot, 64 hexadecimal ones. */
const AIRTABLE = /(?<![A-Za-z0-9])pat[A-Za-z0-9]{14}\.[0-9a-f]{64,}/y;

const airtableToken: Detector = {
  triggers: ['pat'],
  read(text, at) {
    if (text.charAt(at + 17) !== '.') return undefined;
    AIRTABLE.lastIndex = at;
    return AIRTABLE.test(text) ? { start: at, end: AIRTABLE.lastIndex, kind: 'airtable-token' } : undefined;
  },
};

export const services: readonly Detector[] = [...tokenDetectors(SHAPES), telegramToken, airtableToken];
