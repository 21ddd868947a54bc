namespace OpenLedger.Datanets.Tests.Validation.Language;

/// <summary>Sentences written for these tests, ten and more for each language; none of them is in the tables of the identifier.</summary>
internal static class LanguageSentences
{
    public static Dictionary<string, string[]> All { get; } = new()
    {
        ["en"] =
        [
            "My grandfather used to repair watches in a tiny shop near the river.",
            "You can return the shoes within thirty days if they don't fit.",
            "The train to Boston leaves at half past seven every morning.",
            "Why did nobody tell me that the library closes early on Fridays?",
            "Mix the flour with the butter until it looks like sand.",
            "Heavy snow is expected tonight across the northern states.",
            "She has written three novels and is working on a fourth one.",
            "Click the blue button to save your changes before you log out.",
            "A cat that sleeps all day will often be awake at night.",
            "This contract may be ended by either party with two weeks' notice.",
        ],
        ["vi"] =
        [
            "Ông ngoại tôi từng sửa đồng hồ trong một cửa hàng nhỏ gần bờ sông.",
            "Bạn có thể trả lại đôi giày trong vòng ba mươi ngày nếu không vừa.",
            "Chuyến tàu đi Hà Nội khởi hành lúc bảy giờ rưỡi mỗi sáng.",
            "Sao không ai nói cho em biết thư viện đóng cửa sớm vào thứ sáu?",
            "Trộn bột mì với bơ cho đến khi hỗn hợp tơi ra như cát.",
            "Tối nay dự báo có mưa lớn trên khắp các tỉnh miền Trung.",
            "Chị ấy đã viết ba cuốn tiểu thuyết và đang viết cuốn thứ tư.",
            "Nhấn nút màu xanh để lưu thay đổi trước khi đăng xuất.",
            "Con mèo ngủ cả ngày thì thường thức vào ban đêm.",
            "Hợp đồng này có thể được chấm dứt nếu báo trước hai tuần.",
        ],
        ["fr"] =
        [
            "Mon grand-père réparait des montres dans une petite boutique près de la rivière.",
            "Vous pouvez rendre les chaussures sous trente jours si elles ne vous vont pas.",
            "Le train pour Lyon part tous les matins à sept heures et demie.",
            "Pourquoi personne ne m'a dit que la bibliothèque fermait tôt le vendredi ?",
            "Mélangez la farine et le beurre jusqu'à obtenir une texture de sable.",
            "De fortes chutes de neige sont attendues cette nuit dans le nord du pays.",
            "Elle a écrit trois romans et travaille maintenant sur le quatrième.",
            "Cliquez sur le bouton bleu pour enregistrer vos modifications.",
            "Un chat qui dort toute la journée est souvent éveillé la nuit.",
            "Ce contrat peut être résilié par chacune des parties avec un préavis de deux semaines.",
        ],
        ["de"] =
        [
            "Mein Großvater reparierte früher Uhren in einem kleinen Laden am Fluss.",
            "Sie können die Schuhe innerhalb von dreißig Tagen zurückgeben, wenn sie nicht passen.",
            "Der Zug nach Hamburg fährt jeden Morgen um halb acht ab.",
            "Warum hat mir niemand gesagt, dass die Bücherei freitags früher schließt?",
            "Das Mehl mit der Butter verrühren, bis es wie Sand aussieht.",
            "Heute Nacht wird im Norden starker Schneefall erwartet.",
            "Sie hat drei Romane geschrieben und arbeitet gerade am vierten.",
            "Klicken Sie auf die blaue Schaltfläche, um Ihre Änderungen zu speichern.",
            "Eine Katze, die den ganzen Tag schläft, ist nachts oft wach.",
            "Dieser Vertrag kann von beiden Seiten mit einer Frist von zwei Wochen gekündigt werden.",
        ],
        ["es"] =
        [
            "Mi abuelo arreglaba relojes en una tienda pequeña cerca del río.",
            "Puede devolver los zapatos en treinta días si no le quedan bien.",
            "El tren a Sevilla sale todas las mañanas a las siete y media.",
            "¿Por qué nadie me dijo que la biblioteca cierra temprano los viernes?",
            "Mezcle la harina con la mantequilla hasta que parezca arena.",
            "Se esperan fuertes nevadas esta noche en el norte del país.",
            "Ha escrito tres novelas y está trabajando en la cuarta.",
            "Haga clic en el botón azul para guardar los cambios.",
            "Un gato que duerme todo el día suele estar despierto de noche.",
            "Este contrato puede ser rescindido por cualquiera de las partes con dos semanas de aviso.",
        ],
        ["pt"] =
        [
            "O meu avô consertava relógios numa lojinha perto do rio.",
            "Você pode devolver os sapatos em até trinta dias se não servirem.",
            "O trem para São Paulo sai todas as manhãs às sete e meia.",
            "Por que ninguém me disse que a biblioteca fecha cedo às sextas-feiras?",
            "Misture a farinha com a manteiga até que pareça areia.",
            "Espera-se muita neve esta noite nas montanhas do norte.",
            "Ela já escreveu três romances e está trabalhando no quarto.",
            "Clique no botão azul para salvar as alterações antes de sair.",
            "Um gato que dorme o dia inteiro costuma ficar acordado à noite.",
            "Este contrato pode ser encerrado por qualquer das partes com aviso de duas semanas.",
        ],
        ["id"] =
        [
            "Kakek saya dulu memperbaiki jam di sebuah toko kecil dekat sungai.",
            "Sepatu dapat dikembalikan dalam tiga puluh hari jika tidak pas.",
            "Kereta ke Bandung berangkat setiap pagi pukul setengah delapan.",
            "Mengapa tidak ada yang memberi tahu saya bahwa perpustakaan tutup lebih awal?",
            "Campurkan tepung dengan mentega sampai terlihat seperti pasir.",
            "Hujan lebat diperkirakan turun malam ini di wilayah utara.",
            "Dia sudah menulis tiga novel dan sedang mengerjakan yang keempat.",
            "Klik tombol biru untuk menyimpan perubahan sebelum keluar.",
            "Kucing yang tidur sepanjang hari biasanya terjaga pada malam hari.",
            "Perjanjian ini dapat diakhiri oleh salah satu pihak dengan pemberitahuan dua minggu.",
        ],
        ["ru"] =
        [
            "Мой дедушка чинил часы в маленькой мастерской у реки.",
            "Вы можете вернуть обувь в течение тридцати дней, если она не подошла.",
            "Поезд в Казань отправляется каждое утро в половине восьмого.",
            "Почему никто не сказал мне, что по пятницам библиотека закрывается рано?",
            "Смешайте муку с маслом, пока смесь не станет похожа на песок.",
            "Сегодня ночью на севере страны ожидается сильный снегопад.",
            "Она написала три романа и работает над четвёртым.",
            "Нажмите синюю кнопку, чтобы сохранить изменения.",
            "Кошка, которая спит весь день, часто не спит ночью.",
            "Договор может быть расторгнут любой из сторон за две недели.",
        ],
        ["ar"] =
        [
            "كان جدي يصلح الساعات في دكان صغير بالقرب من النهر.",
            "يمكنك إعادة الحذاء خلال ثلاثين يوما إذا لم يكن مناسبا.",
            "يغادر القطار إلى الإسكندرية كل صباح في السابعة والنصف.",
            "لماذا لم يخبرني أحد أن المكتبة تغلق مبكرا يوم الجمعة؟",
            "اخلط الدقيق مع الزبدة حتى يصبح مثل الرمل.",
            "من المتوقع هطول أمطار غزيرة الليلة في شمال البلاد.",
            "كتبت ثلاث روايات وتعمل الآن على الرابعة.",
            "اضغط على الزر الأزرق لحفظ التغييرات قبل الخروج.",
            "القطة التي تنام طوال النهار تسهر غالبا في الليل.",
            "يجوز لأي من الطرفين إنهاء هذا العقد بإشعار مدته أسبوعان.",
        ],
        ["hi"] =
        [
            "मेरे दादाजी नदी के पास एक छोटी दुकान में घड़ियाँ ठीक करते थे।",
            "अगर जूते ठीक न हों तो आप उन्हें तीस दिन में लौटा सकते हैं।",
            "दिल्ली की गाड़ी रोज़ सुबह साढ़े सात बजे चलती है।",
            "मुझे किसी ने क्यों नहीं बताया कि पुस्तकालय जल्दी बंद होता है?",
            "आटे को मक्खन के साथ तब तक मिलाएँ जब तक वह रेत जैसा न हो जाए।",
            "आज रात उत्तर के राज्यों में भारी बारिश की संभावना है।",
            "उसने तीन उपन्यास लिखे हैं और चौथे पर काम कर रही है।",
            "बाहर निकलने से पहले नीला बटन दबाकर बदलाव सहेजें।",
            "जो बिल्ली दिन भर सोती है वह अक्सर रात को जागती है।",
            "यह अनुबंध दो सप्ताह की सूचना देकर समाप्त किया जा सकता है।",
        ],
        ["zh"] =
        [
            "我爷爷以前在河边的一家小店里修理钟表。",
            "如果鞋子不合适，您可以在三十天之内退货。",
            "去上海的火车每天早上七点半出发。",
            "为什么没有人告诉我图书馆星期五提前关门？",
            "把面粉和黄油混合，直到看起来像沙子一样。",
            "预计今晚北方地区将有大雪。",
            "她已经写了三本小说，现在正在写第四本。",
            "退出之前请点击蓝色按钮保存更改。",
            "整天睡觉的猫晚上常常是醒着的。",
            "任何一方都可以提前两周通知终止本合同。",
        ],
        ["ja"] =
        [
            "祖父は川の近くの小さな店で時計を修理していました。",
            "靴が合わない場合は、三十日以内に返品できます。",
            "京都行きの電車は毎朝七時半に出発します。",
            "図書館が金曜日に早く閉まると、どうして誰も教えてくれなかったの？",
            "小麦粉とバターを砂のようになるまで混ぜてください。",
            "今夜は北の地方で大雪になる見込みです。",
            "彼女はもう小説を三冊書いて、今は四冊目に取り組んでいる。",
            "終了する前に青いボタンを押して変更を保存してください。",
            "一日中寝ている猫は、夜は起きていることが多い。",
            "この契約は二週間前に通知すれば終了することができます。",
        ],
        ["ko"] =
        [
            "할아버지는 강가의 작은 가게에서 시계를 고치셨습니다.",
            "신발이 맞지 않으면 삼십 일 안에 반품할 수 있습니다.",
            "부산으로 가는 기차는 매일 아침 일곱 시 반에 출발합니다.",
            "금요일에 도서관이 일찍 닫는다고 왜 아무도 말해 주지 않았어요?",
            "밀가루와 버터를 모래처럼 될 때까지 섞으세요.",
            "오늘 밤 북부 지방에 많은 눈이 내릴 것으로 예상됩니다.",
            "그녀는 소설 세 권을 썼고 지금 네 번째를 쓰고 있다.",
            "나가기 전에 파란 단추를 눌러 변경 사항을 저장하세요.",
            "하루 종일 자는 고양이는 밤에 자주 깨어 있다.",
            "이 계약은 이 주 전에 통지하면 끝낼 수 있습니다.",
        ],
        ["th"] =
        [
            "ปู่ของฉันเคยซ่อมนาฬิกาในร้านเล็ก ๆ ใกล้แม่น้ำ",
            "คุณสามารถคืนรองเท้าได้ภายในสามสิบวันถ้าใส่ไม่พอดี",
            "รถไฟไปเชียงใหม่ออกทุกเช้าเวลาเจ็ดโมงครึ่ง",
            "ทำไมไม่มีใครบอกฉันว่าห้องสมุดปิดเร็ววันศุกร์",
            "ผสมแป้งกับเนยจนดูเหมือนทราย",
            "คืนนี้คาดว่าจะมีฝนตกหนักทางภาคเหนือ",
            "เธอเขียนนิยายสามเล่มแล้วและกำลังเขียนเล่มที่สี่",
            "กดปุ่มสีน้ำเงินเพื่อบันทึกก่อนออกจากระบบ",
            "แมวที่นอนทั้งวันมักจะตื่นตอนกลางคืน",
            "สัญญานี้สามารถยกเลิกได้โดยแจ้งล่วงหน้าสองสัปดาห์",
        ],
    };

    /// <summary>Texts that no language of the identifier may be claimed for with 0.65 or more.</summary>
    public static string[] None { get; } =
    [
        "",
        "42 + 17 = 59",
        "😀😀 !!! ---",
        "qwx zzkp vrrt mxnq plkw dfgh jkzx",
        "asdf jkl asdf jkl asdf jkl asdf",
        "a8f3e2 b7c1d0 9e8f7a6b5c4d",
        "Mój dziadek naprawiał zegarki w małym sklepie nad rzeką.", // Polish
        "Büyükbabam nehrin kenarındaki küçük bir dükkânda saat tamir ederdi.", // Turkish
        "Isoisäni korjasi kelloja pienessä liikkeessä joen varrella.", // Finnish
        "Nagyapám órákat javított egy kis boltban a folyó mellett.", // Hungarian
        "Мій дідусь ремонтував годинники в маленькій майстерні біля річки.", // Ukrainian
        "Дядо ми поправяше часовници в малък магазин край реката, където се събираха съседите, и често разказваше съвсем стари истории.", // Bulgarian
        "پدربزرگم در مغازه‌ای کوچک کنار رودخانه ساعت تعمیر می‌کرد.", // Persian
        "माझे आजोबा नदीजवळच्या एका छोट्या दुकानात घड्याळे दुरुस्त करायचे.", // Marathi
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt.",
    ];
}
