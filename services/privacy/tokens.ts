import type { Detector } from './detector.ts';
import { type Shape, tokenDetectors } from './shapes.ts';

const WORD = '[A-Za-z0-9_-]';

/** Published by the vendors, most through GitHub's secret scanning partner program. */
const SHAPES: readonly Shape[] = [
  {
    kind: 'aws-key',
    begins: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    // Lists of keys put the secret next to its id.
    follows: '[A-Z2-7]{16}(?![A-Za-z0-9])(?:[\\s,:;"\'|]{1,8}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+]))?',
    atWordStart: true,
  },
  { kind: 'aws-session-token', begins: ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz'], follows: '[A-Za-z0-9+/=%]{32,}' },
  { kind: 'google-key', begins: ['AIza'], follows: `${WORD}{30,}` },
  { kind: 'google-token', begins: ['ya29.'], follows: '[A-Za-z0-9._-]{16,}' },
  { kind: 'google-token', begins: ['1//0'], follows: `${WORD}{30,}`, atWordStart: true },
  { kind: 'google-secret', begins: ['GOCSPX-'], follows: `${WORD}{20,}` },
  { kind: 'github-token', begins: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], follows: '[A-Za-z0-9_.-]{20,}' },
  { kind: 'github-token', begins: ['github_pat_'], follows: '[A-Za-z0-9_]{20,}' },
  {
    kind: 'gitlab-token',
    begins: [
      'glpat-',
      'glptt-',
      'gldt-',
      'glrt-',
      'glcbt-',
      'gloas-',
      'glsoat-',
      'glft-',
      'glimt-',
      'glagent-',
      'glwt-',
      'glffct-',
      'glrtr-',
    ],
    follows: '[A-Za-z0-9_.-]{16,}',
  },
  { kind: 'atlassian-token', begins: ['ATATT3', 'ATCTT3'], follows: '[A-Za-z0-9_=-]{40,}' },
  { kind: 'bitbucket-password', begins: ['ATBB'], follows: '[A-Za-z0-9]{24,}', atWordStart: true },
  {
    kind: 'slack-token',
    begins: ['xoxa-', 'xoxb-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.xox', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    follows: '[A-Za-z0-9%-]{10,}',
  },
  {
    kind: 'slack-webhook',
    begins: ['hooks.slack.com/'],
    follows: '(?:services|workflows|triggers)/[A-Za-z0-9/_-]{10,}',
  },
  { kind: 'discord-webhook', begins: ['discord.com/api/webhooks/'], follows: '[0-9]{6,24}/[A-Za-z0-9_-]{20,}' },
  { kind: 'teams-webhook', begins: ['webhook.office.com/'], follows: '[A-Za-z0-9@/_-]{40,}' },
  { kind: 'anthropic-key', begins: ['sk-ant-'], follows: `${WORD}{16,}` },
  { kind: 'openai-key', begins: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], follows: `${WORD}{16,}` },
  { kind: 'api-key', begins: ['sk-or-', 'sk-lf-'], follows: `(?:v1-)?${WORD}{16,}`, atWordStart: true },
  // OpenAI's older keys and LiteLLM's virtual keys; words (a CSS class sk-fading-circle) hold no digit in a long run.
  {
    kind: 'api-key',
    begins: ['sk-'],
    follows: `(?=${WORD}{0,64}[0-9])(?=${WORD}{0,64}[A-Za-z0-9]{10}|[0-9]{4,9}(?!${WORD}))${WORD}{4,}`,
    atWordStart: true,
  },
  { kind: 'stripe-key', begins: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], follows: '[A-Za-z0-9]{10,}' },
  { kind: 'webhook-secret', begins: ['whsec_'], follows: '[A-Za-z0-9+/=]{16,}' },
  {
    kind: 'twilio-key',
    begins: ['SK0', 'SK1', 'SK2', 'SK3', 'SK4', 'SK5', 'SK6', 'SK7'],
    follows: '[0-9a-f]{31,}',
    atWordStart: true,
  },
  {
    kind: 'twilio-key',
    begins: ['SK8', 'SK9', 'SKa', 'SKb', 'SKc', 'SKd', 'SKe', 'SKf'],
    follows: '[0-9a-f]{31,}',
    atWordStart: true,
  },
  { kind: 'sendgrid-key', begins: ['SG.'], follows: '[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,}', atWordStart: true },
  { kind: 'huggingface-token', begins: ['hf_'], follows: '[A-Za-z0-9]{30,}', atWordStart: true },
  { kind: 'huggingface-token', begins: ['api_org_'], follows: '[A-Za-z0-9]{30,}', atWordStart: true },
  { kind: 'npm-token', begins: ['npm_'], follows: '[A-Za-z0-9]{36,}', atWordStart: true },
  { kind: 'pypi-token', begins: ['pypi-Ag'], follows: `${WORD}{32,}` },
  { kind: 'docker-token', begins: ['dckr_pat_', 'dckr_oat_'], follows: `${WORD}{20,}` },
  { kind: 'vault-token', begins: ['hvs.', 'hvb.', 'hvr.'], follows: `${WORD}{20,}`, atWordStart: true },
  { kind: 'databricks-token', begins: ['dapi'], follows: '[0-9a-f]{32,}(?:-[0-9]+)?', atWordStart: true },
  { kind: 'grafana-token', begins: ['glsa_'], follows: '[A-Za-z0-9_]{32,}' },
  { kind: 'grafana-token', begins: ['glc_'], follows: '[A-Za-z0-9+/=]{32,}', atWordStart: true },
  { kind: 'api-key', begins: ['gsk_', 'xai-', 'pplx-', 'tvly-'], follows: `${WORD}{28,}`, atWordStart: true },
  { kind: 'shopify-token', begins: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], follows: '[0-9a-fA-F]{32,}' },
  { kind: 'digitalocean-token', begins: ['dop_v1_', 'doo_v1_', 'dor_v1_'], follows: '[0-9a-f]{32,}' },
  { kind: 'linear-key', begins: ['lin_api_', 'lin_oauth_'], follows: '[A-Za-z0-9]{32,}' },
  { kind: 'newrelic-key', begins: ['NRAK-', 'NRJS-', 'NRII-'], follows: '[A-Za-z0-9]{19,}' },
  { kind: 'age-key', begins: ['AGE-SECRET-KEY-1'], follows: '[A-Z0-9]{50,}' },
];

export const tokens: readonly Detector[] = tokenDetectors(SHAPES);

/** Secrets of Entra ID applications hold a digit and `Q~` after their first three characters. */
const ENTRA = /(?<=[A-Za-z0-9_.~-]{3})[0-9]Q~[A-Za-z0-9_.~-]{30,}/y;

export const entraSecret: Detector = {
  triggers: Array.from({ length: 10 }, (_, digit) => `${digit}Q~`),
  read(text, at) {
    ENTRA.lastIndex = at;
    return ENTRA.test(text) ? { start: at - 3, end: ENTRA.lastIndex, kind: 'azure-secret' } : undefined;
  },
};
