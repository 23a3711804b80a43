import { describe, expect, test } from 'vitest';
import { handoverOfCall } from '../../shared/core/call/call-handover.ts';
import { buildReferUri, REFER_TO_LIMIT, readReferTarget } from '../../shared/core/call/refer-target.ts';
import { projectFiles, readProjectFile } from '../repo/tree.ts';

interface Sip {
  readonly uri: string;
  readonly transfer_method: 'refer' | 'hangup';
  readonly transfer_target_header?: string;
  readonly transfer_headers?: readonly { readonly name: string; readonly value: string }[];
  readonly transfer_headers_send_method?: 'custom_header' | 'contact_header' | 'refer_to_header';
}

const files = projectFiles.filter((file) => file.startsWith('watson/connect-to-agent/'));

const genericOf = (file: string) => {
  const json = JSON.parse(readProjectFile(file));
  return (json.output ?? json).generic;
};
const sipOf = (file: string): Sip => genericOf(file)[0].transfer_info.target.service_desk.sip;

const handoverId =
  handoverOfCall({
    AccountSid: 'AC00000000000000000000000000000001',
    CallSid: 'CA00000000000000000000000000000001',
  }) ?? '';

/** The key of IBM's own example, 167 characters. Source: cloud.ibm.com/docs/watson-assistant, phone-actions, read 2026-11-21. */
const key =
  'dev::latest::893499::dff9c274-adc4-4f63-93de-781166760bf8::978f1fd7-4e24-47d8-adb0-24a8a6eff69e::b5ffd6c2-902f-4658-b586-e3fc170a6cf3::7ad616a350cc48078f17e3ee3df551de';

/** The Refer-To that Watson sends for a response: the escapes gone, the variable filled in, the key where it belongs. */
function onTheWire({ uri, transfer_headers = [], transfer_headers_send_method: way }: Sip, id: string, ownKey = key) {
  const target = uri.replace(/\\@/g, '@').replace(/\$\{?handover_id\}?/, id);
  const given = transfer_headers.map(({ name, value }) => [name, value] as const);
  const keyed = [['User-to-User', `${ownKey};encoding=ascii`] as const, ...given];
  return buildReferUri(target, way === 'refer_to_header' ? keyed : []);
}

test('there is each way to transfer, for actions and for dialogs, and they say the same', () => {
  const ways = [...new Set(files.map((file) => file.replace(/\.(actions|dialog)\.json$/, '')))];
  expect(ways).toHaveLength(3);
  expect(files).toHaveLength(6);
  for (const way of ways) {
    const [actions, dialog] = ['actions', 'dialog'].map((kind) =>
      JSON.stringify(genericOf(`${way}.${kind}.json`)).replace(/\$\{(handover_id)\}/, '$$$1'),
    );
    expect(actions).toBe(dialog);
  }
});

test.for(files)('%s: the @ is escaped in the file by two backslashes', (file) => {
  expect(readProjectFile(file)).toMatch(/"uri": "sip:\w+\\\\@[\w.]+(\?X-Handover-Id=\S+)?",?\n/);
  expect(readProjectFile(file).match(/@/g)).toHaveLength(1);
});

const refers = files.filter((file) => sipOf(file).transfer_method === 'refer');

describe('row 6: a REFER that is shipped', () => {
  test.for(refers)('row 6: %s stays within the 256 characters that Twilio takes', (file) => {
    expect(onTheWire(sipOf(file), handoverId)?.length).toBeLessThanOrEqual(REFER_TO_LIMIT);
    expect(onTheWire(sipOf(file), handoverId, key.replace('dev', 'us-south'))).toBeDefined();
  });

  test('row 6: with the short id there is room for a key of any length, for it is not there', () => {
    const [file = ''] = refers.filter((one) => /refer\.dialog/.test(one));
    const target = onTheWire(sipOf(file), handoverId, 'x'.repeat(1_024)) ?? '';
    expect(target.length).toBeLessThan(80);
    expect(readReferTarget(`<${target}>`)).toEqual({ handoverId, sessionHistoryKey: undefined });
  });

  test('row 6: with the key it is read again, and one that is too long is refused', () => {
    const [file = ''] = refers.filter((one) => /with-key\.dialog/.test(one));
    expect(readReferTarget(`<${onTheWire(sipOf(file), handoverId)}>`).sessionHistoryKey).toBe(key);
    expect(onTheWire(sipOf(file), handoverId, key.replace('dev', 'x'.repeat(30)))).toBeUndefined();
  });

  test('a variable that nobody has filled in names no handover', () => {
    for (const unset of ['', 'null', 'undefined', '$handover_id', '$' + '{handover_id}'])
      expect(readReferTarget(`<sip:handover@flex.twilio.com?X-Handover-Id=${unset}>`).handoverId).toBeUndefined();
  });
});

test('who hangs up names the header that the target is in, and sends nothing in a Refer-To', () => {
  for (const file of files.filter((one) => /hang-up/.test(one))) {
    const { transfer_method, transfer_target_header, transfer_headers_send_method } = sipOf(file);
    expect([transfer_method, transfer_target_header]).toEqual(['hangup', 'Transfer-Target']);
    expect(transfer_headers_send_method).toBeUndefined();
  }
});
