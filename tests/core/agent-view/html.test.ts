import { expect, test } from 'vitest';
import { dataFor, html } from '../../../shared/core/agent-view/html.ts';

test('data for a script cannot end its element, and means the same', () => {
  const value = { text: '</script><!--<script>' };
  const { markup } = dataFor(value);
  expect(markup).not.toContain('<');
  expect(JSON.parse(markup)).toEqual(value);
});

test('a text stays a text between elements and in attributes', () => {
  expect(html`<p title="${'"\'<&>\0'}">${'<b>'}</p>`.markup).toBe(
    '<p title="&quot;&#39;&lt;&amp;&gt;\uFFFD">&lt;b&gt;</p>',
  );
});
