/** What of the page is looked at: the tabs of the customer's side, and one of three columns on a narrow screen. */

import { find } from './dom.js';

/** Calls `opened` with the name of a tab when it is chosen. */
export function useTabs(tablist, opened) {
  const tabs = [...tablist.querySelectorAll('[role=tab]')];
  function choose(tab) {
    for (const one of tabs) {
      const isChosen = one === tab;
      one.setAttribute('aria-selected', String(isChosen));
      one.tabIndex = isChosen ? 0 : -1;
      find(one.getAttribute('aria-controls')).hidden = !isChosen;
    }
    opened(tab.getAttribute('aria-controls'));
  }
  for (const tab of tabs) tab.addEventListener('click', () => choose(tab));
  tablist.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus();
    choose(next);
  });
}

/** On a narrow screen there is room for one column. */
export function usePanes() {
  const buttons = [...document.querySelectorAll('[data-show]')];
  for (const button of buttons) {
    button.addEventListener('click', () => {
      document.body.dataset.pane = button.dataset.show;
      for (const one of buttons) one.setAttribute('aria-pressed', String(one === button));
    });
  }
}
