/** Valence of single words in crypto talk, towards a coin or the market; 0 means that a word has no sentiment here. */
export const CRYPTO_WORDS: readonly (readonly [valence: number, words: string])[] = [
  [2.8, 'mooning moonshot bullrun bull-run'],
  [2.4, 'bullish moon lambo lambos undervalued outperform outperforms outperformed outperforming superbullish'],
  [
    2.0,
    `wagmi hodl hodling hodler hodlers btfd rally rallies rallied rallying skyrocket skyrockets skyrocketing skyrocketed soar soars
     soared soaring surge surges surged surging breakout parabolic revolutionary revolutionize revolutionise revolution
     unstoppable future-proof blue-chip bluechip king`,
  ],
  [
    1.5,
    `ath moons moonboy adoption adopted adopting adopt innovative innovation innovations disruptive breakthrough scalable
     scalability decentralized decentralised decentralization decentralisation trustless permissionless censorship-resistant
     immutable transparent transparency sound bottomed rebound rebounds rebounded rebounding recover recovers recovered recovering
     recovery uptrend upside uptick bull bulls gem gems underrated oversold convicted conviction maxi visionary groundbreaking
     game-changer gamechanger flippening lightning-fast instantly efficiently lfg ngu hidden-gem inevitable scales`,
  ],
  [
    1.2,
    `accumulate accumulating accumulation accumulated dca dcaing dcaed stacking stacked stacker hold holding
     pump pumping pumped pumps upgrade upgrades upgraded milestone partnership partnerships integration mainstream fundamentals
     scarce scarcity deflationary utility usecase use-case usecases usable ecosystem developers devs green fast faster cheap
     cheaper cheapest discount sale efficient upward upwards higher highest grow grows growing growth grew rise rises rising
     rose climb climbs climbing climbed jump jumped jumps spike spiked long longs longing longed backed audited legit`,
  ],
  [
    0.8,
    `super wow trust free savings flourish thrives thriving buy buys buying bought invest invests investing invested investor believer believers hopium staking stake staked yield
     sats stacksats potential community future gold early layer2 patient patience freedom sovereign sovereignty 
     listing listed halving merge launch launched launches upcoming institutional institutions dividends passive`,
  ],
  [
    0.4,
    'huge easily create creates created gm holders holder locked tokenomics airdrop alpha hedge collateral bitcoiner bitcoiners',
  ],
  [
    -0.6,
    `fuck shit hell ass damn panic memecoin memecoins casinos oof whale whales shorts short shorted shorting shorters volatile volatility leverage leveraged fomo fomoed hype hyped 
     speculation speculative speculators speculator speculating gamble gambles gambler gamblers gambling casino lottery electricity carbon energy
     sec regulators recession congested congestion delayed slow slower expensive sell sells selling sold sellers exit exits exiting
     copium cope coping hopeless moonboys inflationary unlimited premined premine sideways crab stagnant`,
  ],
  [
    -1.0,
    `dip dips dipped dipping correction corrections pullback retrace retraced drop drops dropped dropping fall falls falling fell
     decline declines declined declining lower lowest low down downside downward downwards downhill red fud fudding
     resistance overbought bear bears outflow outflows delist delisted delisting delay centralized centralised centralization
     centralisation halted halt halts paused stuck bags unlocks dilution diluted dilute joke
     shill shills shilling shilled shiller copied copycat clone forked obscurity environmental wasteful wasting wastes waste hackable
     unregulated unbacked traceable illicit launderers laundering traffickers criminals ransomware criminal`,
  ],
  [
    -1.6,
    `bearish downtrend dump dumps dumped dumping dumper sell-off selloff sell-offs selloffs plunge plunges plunged plunging plummet plummets
     plummeted plummeting tank tanks tanked tanking tumble tumbled tumbles slump slumped bleed bleeds bleeding bled overvalued overpriced
     overhyped bubble bubbles cult cultists bagholder bagholders bagholding bag-holder bag-holders bag-holding paperhands
     paperhanded underperform underperforming underperformed manipulated manipulation manipulative manipulators manipulator pyramid unsustainable
     illiquid insolvency insider pipe-dream jpeg jpegs tulip tulips beanie beanies con cons conman conmen idiot idiots idiotic moron morons
     delusional delusion delusions clown clowns clownish sheep fool fools foolish gullible noob bs snakeoil vaporware vapourware
     unusable impractical useless pointless doomed nothingburger cringe yikes rip lunatic snake-oil dying dies death dead insecure drained wiped`,
  ],
  [
    -2.2,
    `crash crashes crashed crashing collapse collapses collapsed collapsing capitulation capitulate capitulated capitulating liquidated
     liquidation liquidations liquidate liquidating rekt wrecked ngmi bloodbath implode implodes imploded imploding implosion depeg depegs depegged depegging
     de-peg de-pegged bankrupt bankruptcy insolvent hacked hack hacks hacker hackers exploit exploits exploited breach breached stolen
     shitcoin shitcoins scamcoin scamcoins ponzi-like dumpster-fire worthless trash garbage crap crappy
     phishing scammer scammers scammy fraud fraudulent frauds fraudster fraudsters downfall demise obliterated`,
  ],
  [
    -2.8,
    'scam scams scammed scamming ponzi ponzis ponzi-scheme rug rugs rugged rugpull rugpulls rug-pull rug-pulls rugpulled honeypot honeypots',
  ],
  // Courtesy, requests for help, and finance terms: neutral towards a coin.
  [
    0,
    `value valued values valuation worth asset assets share shares stock stocks securities pretty clearly definitely surely truly sharing crazy insane certain interest interested interests treasury
     token tokens credit credits fund funds support supports please thank thanks thx help helps hello hi hey dear question questions
     answer advice like well lol lmao lmfao haha hahaha want wants wanted play playing matter matters certainly true ok okay
     yes yeah yep sure care natural challenge party parties agree united safemoon trustwallet fresh debt block blocks argument arguments god tx pros stop stops stopped alone cut paying pay paid
     top kind novel chance bonus boss base defi demand demands mine mining miners miner charged charge alert warning illegal`,
  ],
];
