/** What the stage tells while it plays a scene, one report after the other. */
async function* reportsOf(url, scene, signal) {
  const answer = await fetch(`${url}/_stage/play`, { method: 'POST', body: JSON.stringify({ scene }), signal });
  if (!answer.ok || !answer.body) throw new Error(`the stage answered ${answer.status}: ${await answer.text()}`);
  let rest = '';
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }
}

/** Plays one scene of a stage and prints it. Resolves to whether every one of its steps was seen, in order, and its end. */
export async function playScene(url, scene, signal) {
  let steps = 0;
  let seen = 0;
  let over = false;
  for await (const report of reportsOf(url, scene, signal)) {
    if (report.steps) {
      steps = report.steps;
      console.log(`\n${report.title}\n`);
    } else if (report.step) {
      console.log(`${String(report.step).padStart(2)}/${steps}  ${report.title}`);
      for (const { by, text } of report.shown) console.log(`         ${by.padEnd(10)} ${text}`);
      if (report.ok && report.step === seen + 1) seen += 1;
      else console.log(`         NOT SEEN: ${report.missing}`);
    } else over = report.done === true && report.ok === true;
  }
  const whole = over && steps > 0 && seen === steps;
  console.log(whole ? `\n${scene}: all ${steps} steps seen` : `\n${scene}: step ${seen + 1} of ${steps} failed`);
  return whole;
}
