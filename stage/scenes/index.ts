import * as v from 'valibot';
import { decode } from '../../shared/core/decode.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { Stream } from '../server.ts';
import { playScene, type Scene } from './scene.ts';

const asked = v.strictObject({ scene: v.string() });

/** Plays one of the scenes and writes what happens as lines of JSON. */
export function playRequest(scenes: Readonly<Record<string, () => Scene>>): Stream {
  return (input) => {
    const { scene } = decode(asked, input);
    const make = Object.hasOwn(scenes, scene) ? scenes[scene] : undefined;
    if (!make) throw new Problem('invalid_request', { extra: { scenes: Object.keys(scenes) } });
    return async (write) => {
      await playScene(make(), (report) => write(`${JSON.stringify(report)}\n`));
    };
  };
}
