import { FlexPlugin } from '@twilio/flex-plugin';

/** The places from which pages are shown: `ui_attributes.handover_origins` of the Flex configuration. */
function ownOrigins(manager) {
  const given = manager.serviceConfiguration?.ui_attributes?.handover_origins;
  const origins = Array.isArray(given) ? given : [given];
  return origins.filter((origin) => typeof origin === 'string' && origin.startsWith('https://'));
}

/**
 * The page of a task's handover; undefined for every other task. Task attributes come from outside: only https, only an
 * origin of ours, nothing that signs somebody in.
 */
function handoverPage(task, origins) {
  const address = task?.attributes?.handoverUrl;
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
  const { protocol, origin, username, password } = new URL(address);
  const isOurs = protocol === 'https:' && origins.includes(origin) && username === '' && password === '';
  return isOurs ? address : undefined;
}

/** Shows in the CRM panel of Flex who wants what, and what was said to the bot. Tasks without a handover stay as they were. */
export default class HandoverPlugin extends FlexPlugin {
  constructor() {
    super('HandoverPlugin');
  }

  init(flex, manager) {
    const origins = ownOrigins(manager);
    if (origins.length === 0) return;
    const panel = flex.CRMContainer.defaultProps;
    const before = panel.uriCallback;
    panel.uriCallback = (task) => handoverPage(task, origins) ?? before?.(task) ?? '';
    // The panel is hidden where a project has no CRM yet.
    flex.AgentDesktopView.defaultProps.showPanel2 = true;
  }
}
