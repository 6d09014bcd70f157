import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DirectoryFile, readDirectory } from '../../services/identity/directory.ts';
import type { Directory } from '../../services/identity/person.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function read(...texts: readonly (string | object)[]): { directory: Directory; warnings: readonly string[] } {
  const result = readDirectory(files(texts));
  if (result.kind === 'unreadable') throw new Error(result.reason);
  return result;
}

function reasonOf(text: string | object): string {
  const result = readDirectory(files([text]));
  return result.kind === 'unreadable' ? result.reason : 'read';
}

const files = (texts: readonly (string | object)[]): readonly DirectoryFile[] =>
  texts.map((text, index) => ({
    name: `file-${index + 1}`,
    text: typeof text === 'string' ? text : JSON.stringify(text),
  }));

const MARA = {
  email: 'mara.lind@harbour.example',
  name: 'Mara Lind',
  team: 'platform',
  project: 'lighthouse',
  organisation: 'Harbour',
  groups: ['engineers', 'on-call'],
  status: 'active',
};

const mara = { kind: 'one', it: { person: MARA } };

describe('every form says the same of a person', () => {
  test('CSV', () => {
    const { directory, warnings } = read(
      '\ufeffstatus,Email,name,subject,account_id,team,project,organisation,groups,roles,device\r\n' +
        'active,mara.lind@HARBOUR.example,"Lind, Mara",00u-mara,acc-1;acc-2,platform,,,engineers,on-call,laptop-7\r\n',
    );
    expect(warnings).toEqual([]);
    const person = { ...MARA, name: 'Lind, Mara', project: '', organisation: '' };
    expect(directory.byEmail('mara.lind@harbour.example')).toEqual({ kind: 'one', it: person });
    for (const id of ['00u-mara', 'acc-1', 'acc-2', 'MARA.lind@harbour.example'])
      expect(directory.byId(id), id).toMatchObject({ kind: 'one', it: { person } });
    expect(directory.byDevice('laptop-7')).toEqual({ kind: 'one', it: person });
    expect(directory.byId('laptop-7')).toEqual({ kind: 'none' });
  });

  test('JSON', () => {
    const { status, ...rest } = MARA;
    const { directory } = read([
      { ...rest, status, subject: ['00u-mara', 'entra-mara'], account_id: 'acc-1', device: null },
    ]);
    for (const id of ['00u-mara', 'entra-mara', 'acc-1']) expect(directory.byId(id)).toMatchObject(mara);
  });

  test('SCIM users and groups', () => {
    const { directory, warnings } = read({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 3,
      Resources: [
        {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
          id: 'g-1',
          displayName: 'engineers',
          members: [{ value: '00u-mara' }, { value: 'g-2', type: 'Group' }],
        },
        {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
          id: '00u-mara',
          externalId: 'acc-1',
          userName: 'mlind',
          name: { givenName: 'Mara', familyName: 'Lind' },
          emails: [{ value: 'mara@old.example' }, { value: 'mara.lind@harbour.example', primary: true }],
          active: true,
          roles: [{ value: 'on-call' }],
          [ENTERPRISE]: {
            department: 'platform',
            organization: 'Harbour',
            costCenter: 'lighthouse',
            manager: { value: '00u-tom' },
          },
        },
      ],
    });
    expect(warnings).toEqual(['file-1: holds 2 of 3 resources']);
    for (const id of ['00u-mara', 'acc-1', 'mlind', 'mara@old.example']) expect(directory.byId(id)).toMatchObject(mara);
    expect(directory.byEmail('mara@old.example')).toEqual({ kind: 'one', it: MARA });
  });

  test('Okta', () => {
    const profile = { login: 'mlind', email: 'mara.lind@harbour.example', firstName: 'Mara', lastName: 'Lind' };
    const { directory } = read([
      { id: '00u-mara', status: 'ACTIVE', profile: { ...profile, department: 'platform', organization: 'Harbour' } },
      { id: '00u-ben', status: 'DEPROVISIONED', profile: { login: 'ben@harbour.example' } },
    ]);
    for (const id of ['00u-mara', 'mlind'])
      expect(directory.byId(id)).toMatchObject({ it: { person: { ...MARA, project: '', groups: [] } } });
    expect(directory.byId('00u-ben')).toMatchObject({
      it: { person: { email: 'ben@harbour.example', status: 'deprovisioned' } },
    });
  });

  test('Entra, as Microsoft Graph answers', () => {
    const user = {
      id: 'e-1',
      userPrincipalName: 'mlind@harbour.onmicrosoft.example',
      mail: 'mara.lind@harbour.example',
    };
    const { directory } = read({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users',
      value: [
        { ...user, displayName: 'Mara Lind', department: 'platform', companyName: 'Harbour', accountEnabled: false },
      ],
    });
    const person = { ...MARA, project: '', groups: [], status: 'deprovisioned' };
    for (const id of ['e-1', 'mlind@harbour.onmicrosoft.example'])
      expect(directory.byId(id)).toMatchObject({ it: { person } });
  });

  test('Auth0, one user to a line; what people write themselves does not count', () => {
    const user = { user_id: 'auth0|1', email: 'mara.lind@harbour.example', email_verified: true, name: 'Mara Lind' };
    const identities = [
      { provider: 'auth0', user_id: '1' },
      { provider: 'github', user_id: 77 },
    ];
    const metadata = { team: 'platform', project: 'lighthouse', organisation: 'Harbour', groups: ['engineers'] };
    const { directory } = read(
      [
        {
          ...user,
          identities,
          app_metadata: { ...metadata, roles: [{ name: 'on-call' }] },
          user_metadata: { team: 'x' },
        },
        { user_id: 'auth0|2', email: 'mara.lind@harbour.example', email_verified: false, name: 'Somebody' },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n'),
    );
    for (const id of ['auth0|1', 'github|77'])
      expect(directory.byId(id)).toMatchObject({ it: { person: { ...MARA, status: '' } } });
    expect(directory.byId('auth0|2')).toMatchObject({ it: { person: { email: '', name: 'Somebody' } } });
  });

  test.each([
    [
      'CSV',
      'key_alias,key_hash,owner_email,team,project,issued_at\nmara-key,88dc,mara.lind@harbour.example,platform,,2026-01-02\n',
    ],
    [
      'JSON',
      [
        {
          key_alias: 'mara-key',
          key_hash: '88dc',
          owner_email: 'mara.lind@harbour.example',
          team: 'platform',
          issued_at: '2026-01-02',
        },
      ],
    ],
  ])('the map of virtual keys as %s', (_, text) => {
    const { directory } = read(text, [{ email: 'mara.lind@harbour.example', name: 'Mara Lind' }]);
    for (const id of ['mara-key', '88dc'])
      expect(directory.byId(id)).toMatchObject({
        it: {
          person: { email: 'mara.lind@harbour.example', name: 'Mara Lind' },
          key: { team: 'platform', issuedAt: '2026-01-02' },
        },
      });
  });
});

describe('bad input is refused by its place, and not quoted', () => {
  test.each([
    ['', 'file-1:1: is empty'],
    ['email,nme\na@x.example,A\n', 'file-1:1: column 2 is none of email, name,'],
    ['email,email\n', 'file-1:1: column 2 is email once more'],
    ['mara.lind@harbour.example,Mara\n', 'file-1:1: column 1 is none of'],
    ['email,name\na@x.example\n', 'file-1:2: has 1 cells'],
    ['email,name\nsecret,A\n', 'file-1:2: email: is no address'],
    ['email,name\n,secret\n', 'file-1:2: names nobody'],
    ['email,status\na@x.example,secret\n', 'file-1:2: status: is none of'],
    ['key_alias,owner_email\nk,secret\n', 'file-1:2: owner_email: is no address'],
    ['key_alias,issued_at\nk,secret\n', 'file-1:2: issued_at: is no time'],
    ['key_alias,team\n,secret\n', 'file-1:2: names no key'],
    ['[{"email": "a@x.example"},\n {"secret": }]', 'file-1:2: is no JSON'],
    ['[{"email": "a@x.example"}, {"secret": 1}]', 'file-1[1]: has a key that is none of email'],
    ['[{"email": {"secret": 1}}]', 'file-1[0]: email: is no text'],
    ['[{"email": ["a@x.example", "b@x.example"]}]', 'file-1[0]: email: is a list'],
    ['["secret"]', 'file-1[0]: is no object'],
    ['{"secret": 1}', 'file-1[0]: has a key that is none of'],
    ['[{"key_hash": 7, "secret": 1}]', 'file-1[0]: key_hash: is no text'],
    ['[{"id": "", "status": "ACTIVE", "profile": {}}]', 'file-1[0]: id: is empty'],
    ['[{"id": "1", "status": "secret", "profile": {}}]', 'file-1[0]: status: is none of the states'],
    ['{"value": [{"id": 4, "userPrincipalName": "x"}]}', 'file-1[0]: id: is no text'],
    ['[{"user_id": "1", "app_metadata": {"groups": "secret"}}]', 'file-1[0]: app_metadata.groups: is no list'],
    ['{"Resources": [{"displayName": "secret"}]}', 'file-1[0]: a user without an id and an address'],
    ['{"Resources": [{"id": "1", "active": "secret"}]}', 'file-1[0]: active: is no boolean'],
    ['[{"email": "a@x.example", "name": "secret\\u0000"}]', 'file-1[0]: holds a NUL'],
  ])('%s', (text, reason) => {
    const said = reasonOf(text);
    expect(said.startsWith(reason), said).toBe(true);
    expect(said).not.toContain('secret');
    expect(said).not.toContain('mara');
  });

  test('nothing throws', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const keys = fc.constantFrom(
      'email',
      'subject',
      'profile',
      'user_id',
      'userPrincipalName',
      'schemas',
      'key_alias',
      '__proto__',
    );
    const element = fc.dictionary(keys, fc.oneof(value, fc.constant('a@x.example')));
    const document = fc.oneof(value, fc.array(element), element, fc.record({ Resources: fc.array(element) }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          document.map((each) => JSON.stringify(each)),
        ),
        (text) => {
          expect(['read', 'unreadable']).toContain(readDirectory([{ name: 'x', text }]).kind);
        },
      ),
    );
  });
});

describe('several files', () => {
  test('say of one person what each knows', () => {
    const { directory, warnings } = read(
      'email,name,subject\nmara.lind@harbour.example,Mara Lind,00u-mara\n',
      'subject,team,account_id\n00u-mara,platform,acc-1\n',
      'email,groups\nMara.Lind@harbour.example,engineers\n',
    );
    expect(warnings).toEqual([]);
    const person = { email: 'Mara.Lind@harbour.example', name: 'Mara Lind', team: 'platform', groups: ['engineers'] };
    expect(directory.byId('acc-1')).toMatchObject({ it: { person } });
    expect(directory.byEmail('MARA.LIND@harbour.example')).toMatchObject({ it: person });
  });

  test('that contradict each other leave the field empty, and say where', () => {
    const { directory, warnings } = read(
      'email,team,status\na@x.example,red,active\n',
      'email,team,status\na@x.example,blue,inactive\n',
    );
    expect(directory.byEmail('a@x.example')).toMatchObject({ it: { team: '', status: '' } });
    expect(warnings).toEqual([
      'file-1:2, file-2:2: contradict each other about status, which stays empty',
      'file-1:2, file-2:2: contradict each other about team, which stays empty',
    ]);
  });

  test('a subject, account, device or key of two people is nobody’s', () => {
    const { directory, warnings } = read(
      'email,subject,account_id,device\na@x.example,s,acc,d\nb@x.example,s,acc,d\n',
      'subject,team\ns,red\n',
      'key_alias,owner_email\nk,a@x.example\nk,b@x.example\nacc-b,b@x.example\n',
      'email,account_id\na@x.example,acc-b\n',
    );
    for (const id of ['s', 'acc', 'acc-b']) expect(directory.byId(id), id).toEqual({ kind: 'several' });
    expect(directory.byDevice('d')).toEqual({ kind: 'several' });
    expect(directory.byId('k')).toMatchObject({ it: { person: undefined, key: { owner: '' } } });
    expect(directory.byEmail('a@x.example')).toMatchObject({ it: { team: '' } });
    expect(warnings).toContain('file-2:2: has a subject of several people, and counts for none');
    expect(warnings).toContain('2 ids stand for several people, and find nobody');
  });

  test('addresses that differ in case are two people where names or subjects say so', () => {
    const { directory } = read('email,name\nAda@x.example,Ada One\nada@x.example,Ada Two\n');
    expect(directory.byEmail('Ada@x.example')).toMatchObject({ it: { name: 'Ada One' } });
    expect(directory.byEmail('ada@x.example')).toMatchObject({ it: { name: 'Ada Two' } });
    expect(directory.byEmail('ADA@x.example')).toEqual({ kind: 'several' });
  });

  const few = <T>(...values: readonly T[]) => fc.constantFrom(...values);
  const person = fc.record({
    email: few('a@x.example', 'A@x.example', 'b@x.example', ''),
    subject: few('s1', 's2', ''),
    account_id: few('acc1', 'acc2', ''),
    device: few('d1', ''),
    team: few('red', 'blue', ''),
    name: few('Ada', ''),
  });
  const key = fc.record({
    key_alias: few('k1', 'acc1'),
    owner_email: few('a@x.example', 'b@x.example', 'c@x.example', ''),
  });

  test('come to the same in any order', () => {
    const people = fc.array(
      person.filter(({ email, subject }) => email !== '' || subject !== ''),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(people, fc.array(key, { maxLength: 4 }), fc.infiniteStream(fc.nat()), (some, keys, random) => {
        const all = [...some.map((each) => [each]), ...keys.map((each) => [each])];
        const shuffled = all
          .map((file) => ({ file, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ file }) => file);
        expect(answers(read(...shuffled).directory)).toEqual(answers(read(...all).directory));
      }),
    );
  });

  function answers(directory: Directory): unknown {
    const ids = [
      's1',
      's2',
      'acc1',
      'acc2',
      'k1',
      'a@x.example',
      'A@x.example',
      'b@x.example',
      'B@x.example',
      'c@x.example',
    ];
    return [ids.map(directory.byId), ids.map(directory.byEmail), directory.byDevice('d1')];
  }
});
