const WORDS = `
ace ach act age air alarm alert alice alien all alpha alpine also alt always and angel anime another ant any ape app
apps apr apy arc are area ark arm army art ask ath atl atom auction audio aura auto awe baby back bad badger bag bake
ban banana band bank banks bar base basic bat beach beam bear beat because bed bee been being bell bet beta better bid
big bike bill bio bird bit bite bless block blue blur board boat bob body bold bolt bond bone book boom boost boss bot
both bounce box boy brain brave bread break brick bridge bright bring broken btw buck bug build bull bump burn bus
business but buy cake call calm camp can candy cap car card care cars cash cast cat cats cause ceo cex cfo chain
change chat cheap check cheese chess chill city claim class clean clear click climb clock close cloud club coal coat
code coffee coin cold combo come coming common cook cookie cool cope core corn cos cost could count cover cow cpi
crash crazy cream crime cross crowd cry cube cup cut cyber dad dam dance dao dapp dark dash data date dawn day days
dead deal dear death deep defi degen delta demo dent desk dev dex did dig dip does dog dogs dollar domain done door
dot double down draft dragon dream drift drink drive drop dry duck dump dusk dust duty dyor each early earn earth east
easy eat echo eden edge edit edu egg either else emo empty end energy enough enter epic era error esports etf etfs eur
even event ever every evil exit extra eye eyes face fact fade fair faith fall family fan fans faq far farm fast fat
fate fbi fear fed feel fees few fiat fight file fill find fine fire first fish fit five fix flag flash flat flex flip
flock floor flow fluid flux fly focus fold folks fomo food fool foot football for force forest forever form fort forth
forward fox frame free fresh friend frog from front fud fuel full fun fund funny fusion future fyi gain gala game
games gas gate gbp gdp gem general get gets ghost gift giggle girl give given glad glass global glory gmt goal goat
god goes gold gone good got gpu grade grand grape graph grass gravity great greed green grow guard guess guide gun guy
guys habit had hair half hall hand happy hard has hash hat hate have head heal health heart heat heavy hell help her
here hero hide high hill him hint his hit hive hodl hold hole home honest honey hook hope horse host hot hour house
how huge human hunt hurt hype hyper ice ico icon idea idk idle idol imf imho imo index info inside into iron irs
island item its jail jam job joe join joke joy judge juice jump junk jury just keep kernel key kick kid kids kill kind
king kiss kite know kyc lab lake lamp land large laser last late laugh law layer lazy lead leaf league learn leave
left legal legend lemon lend less let level lever lie life light like lime line link lion list lit live lives load
loan local lock logic lol long look loom loop lose loser loss lost lot lots love low luck lucky lunch mad made magic
magnet mail main major make man mana many map mark market mask mass master match math matter max may mean meat media
meet mega melt meme memes men mental merge mess met meta metal might milk mind mine mini mint minute mirror miss mix
mob mod mode model mom moment money month moon moral more most mother mountain mouse move movie much music must
mystery name nation native nature near neck need neo nest net never new news newt next nft nfts nice night nine nobody
noise none nor normal north nose not note nothing novel now nuke null number nut nyc oak ocean odd off offer office
oil okay old omega omg once one only open opera orange orb orbit orca order origin otc other ounce our out over owl
own oxygen p2p pack page paid pain paint pair palm panic paper parent park part party pass past patch path pay peace
peak pearl pen people per perp person pet phone photo piano pick picture pie piece pig pin pink pixel pizza place plan
planet plant play player please plenty plot plug plus pocket poet point pole police pond pony pool poor pop port
portal pos post pot pound pow power press price pride prime print prism prize pro problem profit prom promise prompt
proof protect proud prove public puff pull pulse pump punch pure purple push put puzzle queen quest question quick
quiet quite quote race radar radio rage rail rain raise rally random range rank rare rate rather rats raw ray reach
read ready real really reason rebel recall record red reef ref rekt render rent rest rice rich ride rift right ring
rip rise rising risk river road robot rock rocket rofl roi roll roof room root rope rose round route royal rpc rug
rule run rush rust sad safe saga said sail saint sale salt same sample sand save savings say scam scan scene school
score scream script sea search season seat sec second secret see seed seek sell send sense sent serious server set
seven sgd shadow shape share shark sharp she sheep shell shield shift shine ship shirt shit shock shop short should
show shut sick side sign signal silk silly silver simple sin since sing single siren sister site six size skate skill
skin skull sky slave sleep slice slide slim slip slow small smart smell smile smoke snake snow soap social sock soft
soil solid solo solve some son song sonic soon sorry sort soul sound soup source south space spark speak special speed
spell spice spin spirit split spoon sport spot spread spring square stable stack staff stage stake stamp star start
state station stay steak steal steam steel step stick still stock stone stop store storm story straight strange street
stress strong study stuff stupid style such sugar suit sun super sure surf sushi swap swarm sweat sweep sweet swell
swift swim switch sword sync syrup system table tag tail take talk tall tank tap target task taste tax tea teach team
tear tech ted tell ten term test text than thank thanks that the their them then there these they thing think third
this those three thrive throne tick ticket tide tie tiger tight time times tin tiny tip tired title tldr toast today
token told ton tone too tool tooth top total touch tough tour towel tower town towns tps track trade trail train trap
trash travel treat tree trend trick trip troll trophy true trump trust truth try tube tune turbo turn turtle tvl twin
twist two type uae ufo ugly ultra uncle under union unit unity until upset usa usd usdc usdt use used useless user
usual utc value vanilla vault velvet venom verse very vet vibe victory video view vine virtual virus vision vital
voice void volt vote vpn wage wait wake walk wall want war warm warn was wash waste watch water wave waves wax way
ways weak wealth wear weather web week weird well were west wet whale what wheat wheel when where which while whip
white who whole why wide wife wild will win wind window wine wing wings winner winter wise wish with wolf woman wonder
wood wool word work world worm worry worth would wow wrap write wrong wtf yard year yes yet yield yolo you young your
zen zero zone zoo
`;

/**
 * Words and abbreviations of everyday English and of finance, three letters or more. A ticker among them, in capitals, is an
 * emphasised word and not a coin.
 */
export const ORDINARY_WORDS: ReadonlySet<string> = new Set(WORDS.trim().toUpperCase().split(/\s+/));
