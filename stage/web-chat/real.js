/** The real Carbon AI Chat in the stage's page. */

import { showChatWindow } from '../../web/carbon-ai-chat/chat-window.ts';
import { answer, serviceDeskFactory, welcome } from './given.js';

showChatWindow({ answer, serviceDeskFactory, fills: true, welcome });
