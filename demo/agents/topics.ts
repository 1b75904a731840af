export type Topic = { title: string; slug: string; facts: string[] }

/** What the runs of the example are about. */
export const topics: Topic[] = [
  {
    title: 'Offshore wind in the North Sea',
    slug: 'offshore-wind',
    facts: [
      'The first offshore wind farm, Vindeby, was built off the Danish coast in 1991.',
      'Each of its eleven turbines had a capacity of 0.45 megawatts.',
      'Turbines on the market today reach 15 megawatts, with rotors more than 230 metres wide.',
      'Floating foundations open waters that are too deep for a tower on the sea bed.',
      'Waiting for a grid connection is a frequent cause of delay for new wind farms.',
    ],
  },
  {
    title: 'How SQLite became the most deployed database',
    slug: 'sqlite',
    facts: [
      'D. Richard Hipp released the first version of SQLite in August 2000.',
      'SQLite is a library, so there is no server to install, and a database is a single file.',
      'Write-ahead logging, added in 2010, lets readers go on while a writer is at work.',
      'Its developers intend to support the file format through the year 2050.',
    ],
  },
  {
    title: 'The Swiss clock-face timetable',
    slug: 'taktfahrplan',
    facts: [
      'Switzerland introduced its national clock-face timetable, the Taktfahrplan, in May 1982.',
      'Trains meet in hubs such as Zürich and Bern shortly before the full and the half hour.',
      'With Bahn 2000, the travel time between hubs was planned to fit the timetable, not the other way round.',
      'Passengers can remember a single minute instead of a whole timetable.',
    ],
  },
  {
    title: "AI's energy use in data centres",
    slug: 'ai-energy',
    facts: [
      'Data centres used about 1.5 % of the electricity of the world in 2024, as the International Energy Agency estimates.',
      'Servers made for machine learning account for a growing part of that electricity.',
      'Cooling can take more than a third of the electricity in an inefficient data centre.',
      'Moving work to hours with much wind and sun lowers emissions without new hardware.',
    ],
  },
  {
    title: 'The economics of container shipping',
    slug: 'container-shipping',
    facts: [
      'In April 1956 the Ideal X carried 58 containers from Newark to Houston.',
      'Loading loose cargo by hand had cost many times more for each ton than loading containers.',
      'Standard sizes, agreed in the 1960s, made the same container fit ships, trains and trucks.',
      'The largest ships of today carry more than 24,000 containers of twenty feet.',
    ],
  },
  {
    title: 'Tea growing in Japan (日本茶)',
    slug: 'japanese-tea',
    facts: [
      'Nearly all tea grown in Japan becomes green tea, and most of it is sencha (煎茶).',
      'The bushes for gyokuro (玉露) are shaded for about three weeks before the harvest.',
      'Shizuoka and Kagoshima are the two prefectures that grow the most tea.',
      'Leaves are steamed soon after picking, which keeps them green.',
    ],
  },
  {
    title: 'A short history of the metric system',
    slug: 'metric-system',
    facts: [
      'In 1791 the metre was defined as a ten-millionth of the distance from the pole to the equator.',
      'Seventeen states signed the Metre Convention in Paris in 1875.',
      'Since 1983 the metre has followed from the speed of light.',
      'Since 2019 the kilogram has followed from the Planck constant, and no longer from a metal cylinder.',
    ],
  },
  {
    title: 'Heat pumps in old buildings',
    slug: 'heat-pumps',
    facts: [
      'A heat pump moves heat, so it delivers more energy as heat than it takes as electricity.',
      'It works best when the water for the radiators does not have to be very hot.',
      'Larger radiators let an old building do with cooler water.',
      'Heat pumps are common in Norway, where winters are cold.',
    ],
  },
  {
    title: 'Coral bleaching',
    slug: 'coral-bleaching',
    facts: [
      'Corals turn white when warm water makes them lose the algae that live in their tissue.',
      'A bleached coral is not dead, and can recover if the water cools soon.',
      'The Great Barrier Reef has seen several mass bleachings since 1998.',
      'Some corals come from warmer waters and pass their tolerance of heat on.',
    ],
  },
  {
    title: 'Sourdough and its microbes',
    slug: 'sourdough',
    facts: [
      'A sourdough starter is a stable community of wild yeasts and lactic acid bacteria.',
      'The bacteria make acids that give the bread its taste and keep it from mould.',
      'The yeasts make the gas that lets the dough rise.',
      'Warm dough favours the bacteria over the yeasts, so temperature decides how sour the bread gets.',
    ],
  },
]
