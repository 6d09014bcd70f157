import type { Store } from '../../core/store.ts';
import { rules } from '../../detections/index.ts';
import { screen, table } from '../commands/render.ts';
import { tokenFile } from './operators.ts';
import { DENIED_CHANGE, DEPROVISIONED } from './script.ts';
import { SIGNED_EVERY_SECONDS } from './site.ts';

/** What Trailhouse itself does is no part of the day. */
const PLAYED = "product != 'trailhouse'";

/** What arrived, from where, what the rules found in it, and questions to try. `at` is where queries are answered, `data` the demo's directory. */
export async function report(store: Store, at: string, data: string): Promise<string> {
  const plain = { ...screen(process.stdout, process.env), width: undefined };
  const day = await playedDay(store);
  return `
${await arrival(store, day)}
${table(await surfaces(store), plain)}
The rules found:

${table(await found(store), plain)}
${questions(data, day)}
${overHttp(at)}Stop with Ctrl-C.
`;
}

const overHttp = (at: string): string =>
  at === 'off'
    ? ''
    : `ClickHouse's clients are answered too: curl 'http://${at}/?query=SELECT%20count()%20FROM%20audit.trail'. `;

async function playedDay(store: Store): Promise<string> {
  const [row] = await store.rows(
    `SELECT toString(topK(1)(toDate(occurred_at))[1]) AS day FROM audit.trail WHERE ${PLAYED}`,
  );
  return String(row?.day);
}

async function arrival(store: Store, day: string): Promise<string> {
  const [total] = await store.rows(
    `SELECT count() AS events, uniqExactIf(actor_email, actor_email != '') AS people,
       uniqExactIf(actor_team, actor_team != '') AS teams, uniqExact(format) AS formats,
       sum(secrets_masked) AS credentials,
       countIf(has(data_classes, 'pii')) AS pii, countIf(has(data_classes, 'phi')) AS phi
     FROM audit.trail WHERE ${PLAYED}`,
  );
  const [messages] = await store.rows(
    `SELECT sum(accepted) AS accepted, sum(skipped) AS skipped, sum(quarantined) AS quarantined
     FROM audit.accounting WHERE origin_topic != 'trailhouse.events'`,
  );
  return `A day at Alderbrook, a company that does not exist (${day}, UTC):
${total?.events} events in ${total?.formats} formats from ${messages?.accepted} messages, by ${total?.people} people in ${total?.teams} teams;
${messages?.quarantined} messages in quarantine, ${messages?.skipped} skipped.
${total?.credentials} credentials replaced; personal data in ${total?.pii} events, health data in ${total?.phi}.
`;
}

const surfaces = (store: Store) =>
  store.rows(
    `SELECT if(surface = '', '(not said)', surface) AS surface, count() AS events,
       uniqExactIf(actor_email, actor_email != '') AS people, countIf(outcome = 'denied') AS denied,
       arrayStringConcat(arraySort(groupUniqArray(if(product = '', format, product))), ', ') AS products
     FROM audit.trail WHERE ${PLAYED} GROUP BY surface ORDER BY events DESC`,
  );

async function found(store: Store) {
  const rows = await store.rows(
    `SELECT rule, severity, if(person_email = '', person_id, person_email) AS who, what
     FROM audit.findings ORDER BY severity = 'high' DESC, rule`,
  );
  return rows.map(({ rule, ...finding }) => ({
    ...finding,
    finding: rules.find(({ name }) => name === rule)?.title ?? rule,
  }));
}

const questions = (data: string, day: string): string => `Try, in another terminal:

  npx trailhouse query config-changes   who changed production configuration with an AI tool
  npx trailhouse query denied           what was denied, to whom, and by which rule
  npx trailhouse query phi              health data that models saw, and who reviewed the answers
  npx trailhouse query chargeback       what each team, project and person spent on which model
  npx trailhouse attribution            how surely it is known who acted
  npx trailhouse timeline --session ${DENIED_CHANGE.session}
  npx trailhouse query                  every question with a name
  npx trailhouse ledger verify          is what is stored what was signed? (every ${SIGNED_EVERY_SECONDS} s here)

Operators act under a token, and every act is on the trail:

  export TRAILHOUSE_OPERATOR_TOKEN=$(cat ${tokenFile(data, 'administrator')})
  npx trailhouse reveal EVENT --purpose 'why'      what an event holds; those of query phi take a second person
  npx trailhouse retention holds                   the hold on that session, and who placed it
  npx trailhouse evidence build --framework soc2 --from ${day} --to ${following(day)} --purpose 'a look' --out day.zip
  npx trailhouse evidence verify day.zip           what an auditor runs, who has the file and nothing else
  npx trailhouse erase --subject ${DEPROVISIONED.email} --basis 'GDPR 17(1)(b)'
  npx trailhouse erasures                          what was erased, and what stays and why
`;

const following = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
