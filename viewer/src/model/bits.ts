/** The bits by which a number is held. */

/** The bits of a whole number, the highest first. */
function binary(number: bigint, count: number): string {
  return BigInt.asUintN(count, number).toString(2).padStart(count, "0");
}

export function integerBits(number: number | bigint, count: number): string {
  return binary(BigInt(number), count);
}

/** Sign, exponent and fraction of a number that an IEEE format with so many bits holds exactly. */
export function floatBits(number: number, exponent: number, fraction: number): readonly [string, string, string] {
  const sign = number < 0 || Object.is(number, -0) ? "1" : "0";
  const top = 2 ** exponent - 1;
  const bias = 2 ** (exponent - 1) - 1;
  const size = Math.abs(number);
  const parts = (power: number, part: number): readonly [string, string, string] =>
    [sign, binary(BigInt(power), exponent), binary(BigInt(part), fraction)];
  if (Number.isNaN(number)) return parts(top, 2 ** (fraction - 1));
  if (size === Infinity) return parts(top, 0);
  let power = size === 0 ? -bias : Math.max(1 - bias, Math.floor(Math.log2(size)));
  if (size / 2 ** power >= 2) power += 1; // the logarithm was rounded
  else if (power > 1 - bias && size / 2 ** power < 1) power -= 1;
  const part = size / 2 ** power;
  return part < 1 ? parts(0, part * 2 ** fraction) : parts(power + bias, (part - 1) * 2 ** fraction);
}
