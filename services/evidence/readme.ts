import type { Control } from './controls/control.ts';
import { MEASURES } from './controls/measures.ts';
import type { Asked } from './manifest.ts';
import type { Request } from './request.ts';

/** README.txt of the bundle, for somebody who has nothing else. */
export const readme = (request: Request, fingerprint: string): string => `Evidence from the audit trail of AI tools
=========================================

${request.framework}, ${request.from} to ${request.to}, asked for by ${request.operator}.

To verify, offline, with Node 20.12 or newer and nothing else:

    unzip bundle.zip -d bundle
    node bundle/verify.mjs bundle --key FINGERPRINT --ledger FINGERPRINT

FINGERPRINT is the SHA-256 of a public key: of the signer's, and of the one that signs the ledger. Take them from the signer by another
way than this bundle, which is signed by

    ${fingerprint}

For the inclusion proof of one event (c2sp.org/tlog-proof):

    node bundle/verify.mjs bundle --proof EVENT > event.tlog-proof

Where things are
----------------
summary.html          one page for people
request.json          who asked for what, and why
controls/             per control: what bears on it, what is not measured
questions/            per question: the SQL that was run, its parameters, its rows as JSON lines and as CSV
events/               every event of the window, with the bytes its leaf in the signed tree is made of
ledger/               signed checkpoints, and the hashes that lead from the events to them
settings/             retention as configured, certificates of deletion
schemas/              Avro schemas of the bytes in events/
oscal/                NIST OSCAL assessment results: observations, no findings
manifest.json         every file with its SHA-256; manifest.dsse.json is the same under an Ed25519 signature (DSSE)

How to read it
--------------
Times are UTC. rows.jsonl is the exact answer. In rows.csv a text that begins with = + - @, tab, return, line feed or NUL has an apostrophe in
front, so that no spreadsheet runs it; question.json counts such cells. ${
  request.profile === 'full'
    ? 'Personal data is in clear: keep the bundle as you keep such data.'
    : 'Personal data is masked: the same text is the same token\neverywhere, and only the operator can tell whose it is. The bytes of an event leave its personal part out; its hash is there instead.'
}
One proof stands for all rows of a partition (ledger/*/rows.hashes): what single inclusion proofs have in common is in it once.
`;

/** README.txt of a control's folder. */
export function controlText({ citation, title, questions, unmeasured }: Control, asked: readonly Asked[]): string {
  const measured = questions.map((name) => {
    const found = asked.find(({ question }) => question === name);
    return `${found?.path ?? name}/\n    ${found?.rows ?? 0} rows. ${MEASURES[name]?.row ?? ''}\n`;
  });
  const shown = measured.length === 0 ? 'Not measured.\n' : `Rows that bear on it:\n\n${measured.join('')}`;
  return `${citation}: ${title}\n\n${shown}\nNot measured: ${unmeasured}\n\nNone of this says that the control is satisfied: no log shows that alone.\n`;
}
