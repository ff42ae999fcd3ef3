// What both scripts share: naming each step of an account's life, and waiting for what a stream tells.
const failures = [];
let steps = 0;

export async function step(name, work) {
  try {
    const said = await work();
    steps++;
    console.log(`ok ${name}${said === undefined ? '' : `: ${said}`}`);
  } catch (fault) {
    failures.push(name);
    console.log(`FAILED ${name}: ${fault?.stack ?? JSON.stringify(fault)}`);
  }
}

export function expect(condition, text) {
  if (!condition) {
    throw new Error(text);
  }
}

export async function until(condition, what, milliseconds = 10000) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    const found = await condition();
    if (found) {
      return found;
    }

    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  throw new Error(`waited ${milliseconds} ms in vain for ${what}`);
}

export function finish() {
  console.log(`${steps} steps passed, ${failures.length} failed${failures.length ? `: ${failures.join('; ')}` : ''}`);
  process.exit(failures.length ? 1 : 0);
}
