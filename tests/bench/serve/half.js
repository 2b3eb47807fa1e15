// SPDX-License-Identifier: GPL-3.0-or-later
// float16 for a Node without Float16Array, rounded to nearest even.
'use strict';
const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

function halfFromNumber(number) {
    single[0] = number;
    const sign = (bits[0] >>> 16) & 0x8000;
    const rest = bits[0] & 0x7fffffff;
    if (rest >= 0x47800000) // too large, infinite or NaN
        return sign | (rest > 0x7f800000 ? 0x7e00 : 0x7c00);
    if (rest < 0x38800000) { // subnormal: units of 2^-24
        const units = Math.abs(single[0]) * 0x1000000;
        const down = Math.floor(units);
        const up = units - down > 0.5 || (units - down === 0.5 && (down & 1) === 1);
        return sign | (down + (up ? 1 : 0));
    }
    return sign | ((rest - 0x38000000 + 0xfff + ((rest >>> 13) & 1)) >>> 13);
}

function halfFrom(numbers) {
    const halves = new Uint16Array(numbers.length);
    for (let i = 0; i < numbers.length; ++i)
        halves[i] = halfFromNumber(numbers[i]);
    return halves;
}

function numberFromHalf(half) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 0)
        return sign * fraction * 2 ** -24;
    if (exponent === 31)
        return fraction ? NaN : sign * Infinity;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

module.exports = {halfFrom, numberFromHalf};
