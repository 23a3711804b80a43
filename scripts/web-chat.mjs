/**
 * `npm run web-chat`: installs the real Carbon AI Chat (500 MB) for the page of the stage, which has a small window without
 * it. Plain JavaScript that also runs before anything is installed.
 */
import { installRoot, installWeb, installWebChat } from './install.mjs';

try {
  installRoot();
  installWeb();
  installWebChat();
  console.log('The web chat is there: load the page of the stage again.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
