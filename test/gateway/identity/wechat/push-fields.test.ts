/** The reader of pushed messages: the shape that WeChat sends, and nothing that XML could do beyond it. */
import { expect, test } from 'vitest';
import { parsePushFields } from '../../../../gateway/identity/wechat/push-fields.ts';

test('the XML of WeChat’s documentation, blank in a tag included, is read', () => {
  const text = `<xml>

<ToUserName><![CDATA[gh_870882ca4b1]]></ToUserName>
<CreateTime>1626857200</CreateTime>
<Event><![CDATA[user_authorization_revoke]]></Event>
< OpenPID><![CDATA[G7esq5NVzP76HIHoB95t4CVBP6to]]></OpenPID>
</xml>
`;
  expect(parsePushFields(text)).toEqual({
    ToUserName: 'gh_870882ca4b1',
    CreateTime: '1626857200',
    Event: 'user_authorization_revoke',
    OpenPID: 'G7esq5NVzP76HIHoB95t4CVBP6to',
  });
});

test('the JSON of WeChat’s documentation, blanks in names and values included, is read', () => {
  const text = '{"CreateTime":1627359464," OpenID":"oaKk343WOktAaT2ygsX138BGblrg","OpenPID":" G7esq5"}';
  expect(parsePushFields(text)).toEqual({
    CreateTime: '1627359464',
    OpenID: 'oaKk343WOktAaT2ygsX138BGblrg',
    OpenPID: 'G7esq5',
  });
});

test('what is nested is left out', () => {
  const xml = '<xml><A>1</A><List><Item>x</Item><Item>y</Item></List><B><![CDATA[<i>2</i>]]></B><C/></xml>';
  expect(parsePushFields(xml)).toEqual({ A: '1', B: '<i>2</i>' });
  expect(parsePushFields('{"A":1,"List":[{"Item":"x"}],"B":"2"}')).toEqual({ A: '1', B: '2' });
});

test('predefined entities are read, and a name of the prototype is a field like others', () => {
  const fields = parsePushFields('<xml><A>1 &lt; 2 &amp;&amp; 3</A><__proto__>x</__proto__></xml>');
  expect(Object.entries(fields)).toEqual([
    ['A', '1 < 2 && 3'],
    ['__proto__', 'x'],
  ]);
});

const billion = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><A>&b;</A></xml>';
test.each([
  ['a document type', billion],
  ['an entity of its own', '<xml><A>&b;</A></xml>'],
  ['an outside file', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'],
  ['a processing instruction', '<?xml-stylesheet href="x"?><xml><A>1</A></xml>'],
  ['an attribute', '<xml a="1"><A>1</A></xml>'],
  ['an element that is not closed', '<xml><A>1</A>'],
  ['elements closed crosswise', '<xml><A><B>1</A></B></xml>'],
  ['two messages', '<xml><A>1</A></xml><xml><A>2</A></xml>'],
  ['a field twice', '<xml><A>1</A><A>2</A></xml>'],
  ['ten thousand levels', '<xml>'.repeat(10_000)],
  ['an open CDATA', '<xml><A><![CDATA[1</A></xml>'],
  ['a JSON list', '[1]'],
  ['JSON null', 'null'],
  ['nothing', ''],
  ['text', 'hello'],
])('%s is refused', (_what, text) => {
  expect(() => parsePushFields(text)).toThrow(SyntaxError);
});

test('64 KB of what looks like the start of something is refused in a few milliseconds', () => {
  for (const part of ['<', '<![CDATA[', '&', '<a', '</', ' ', '<![CDATA[]]>', '&lt']) {
    const startedAt = process.threadCpuUsage();
    expect(() => parsePushFields(`<xml>${part.repeat(65_536 / part.length)}`)).toThrow(SyntaxError);
    const { user, system } = process.threadCpuUsage(startedAt);
    expect((user + system) / 1_000).toBeLessThan(50);
  }
});
