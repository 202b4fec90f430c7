/** Valences of emoji in crypto talk. */
export const CRYPTO_EMOJI: readonly (readonly [valence: number, emoji: string])[] = [
  [2.2, '🚀 🌕 🌙 🌝 💎 📈 🐂 🥳 🤑 🏆'],
  [1.5, '🔥 💪 🙌 🎉 👏 💯 😍 🥰 😎 👍 ❤ 💰 💵 🟢 ✅ ⬆ 🐳 👑 🌟 ⭐ 💙 🧡 💚 🦾 🤝 🙏 ✌ ☺ 😊 😁 😄 😃 🍾 🥂 ⚡ 🌈'],
  [0.5, '🍀 😉 🤞 🐕 🐶 🐋'],
  [-0.8, '😅 🤔 🙄 😬 😐 🤷 🤦 🥲 👎 🚨 ⚠ ⬇ 😴 😕 🙃'],
  [-1.8, '📉 🐻 😭 😢 😞 😩 😱 😡 🤬 😤 💔 💩 🤡 💀 ☠ 🔻 🩸 🔴 😰 😨 🤮 🤢 ⚰ 🪦 🗑 💸 🧻 🐍'],
];
