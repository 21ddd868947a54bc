using System.Text;
using OpenLedger.Datanets.Privacy;

namespace OpenLedger.Datanets.Tests.Privacy;

/// <summary>Hand-written Vietnamese sentences: what must be found, and what must not.</summary>
public class VietnameseTests
{
    private static readonly PersonalDataScanner Scanner = new();

    [Theory]

    // Mobile numbers of the plan in force since 2018, in the ways people write them.
    [InlineData("Liên hệ 0912345678 để biết thêm", "PHONE", "0912345678")]
    [InlineData("SĐT: 0987 654 321", "PHONE", "0987 654 321")]
    [InlineData("Gọi cho em theo số 0345.678.901 nhé", "PHONE", "0345.678.901")]
    [InlineData("Zalo: 070-123-4567", "PHONE", "070-123-4567")]
    [InlineData("Mình để lại số 0812345678, ai cần thì nhắn", "PHONE", "0812345678")]
    [InlineData("Hotline +84 912 345 678", "PHONE", "+84 912 345 678")]
    [InlineData("Hotline +84912345678.", "PHONE", "+84912345678")]
    [InlineData("(+84) 912 345 678 là số của tôi", "PHONE", "(+84) 912 345 678")]
    [InlineData("Số máy 84912345678", "PHONE", "84912345678")]
    [InlineData("Điện thoại: 0084 912 345 678", "PHONE", "0084 912 345 678")]
    [InlineData("so dien thoai cua toi la 0561234567", "PHONE", "0561234567")]
    [InlineData("sdt:0961234567", "PHONE", "0961234567")]
    [InlineData("ĐT 098.765.4321 (anh Nam)", "PHONE", "098.765.4321")]
    [InlineData("nhà mình ở đây, 0905 12 34 56 nha", "PHONE", "0905 12 34 56")]

    // Old eleven-digit mobiles and landlines, with old and new area codes.
    [InlineData("Di động cũ: 01234567890", "PHONE", "01234567890")]
    [InlineData("điện thoại 0168 765 4321", "PHONE", "0168 765 4321")]
    [InlineData("Văn phòng: 024 3825 1234", "PHONE", "024 3825 1234")]
    [InlineData("Tel (028) 3829 5678", "PHONE", "(028) 3829 5678")]
    [InlineData("Tổng đài 0236 3891 234", "PHONE", "0236 3891 234")]
    [InlineData("máy bàn 04 3825 1234", "PHONE", "04 3825 1234")]
    [InlineData("điện thoại 024 3825 1234 máy lẻ 105", "PHONE", "024 3825 1234 máy lẻ 105")]

    // Identity cards.
    [InlineData("Số CCCD: 001099012345", "VN_CCCD", "001099012345")]
    [InlineData("căn cước công dân số 079 201 012 345", "VN_CCCD", "079 201 012 345")]
    [InlineData("can cuoc 048300001234 cap ngay 01/01/2022", "VN_CCCD", "048300001234")]
    [InlineData("Mã định danh 096185000123", "VN_CCCD", "096185000123")]
    [InlineData("CMND/CCCD 036088001234", "VN_CCCD", "036088001234")]
    [InlineData("CMND: 012345678", "VN_CMND", "012345678")]
    [InlineData("Giấy chứng minh nhân dân số 273 456 789", "VN_CMND", "273 456 789")]
    [InlineData("so cmt 135792468", "VN_CMND", "135792468")]
    [InlineData("cmnd:201234567", "VN_CMND", "201234567")]

    // Tax, insurance, passport, licence, plate.
    [InlineData("MST: 0100109106", "VN_TAX_CODE", "0100109106")]
    [InlineData("Mã số thuế 0300588569-001", "VN_TAX_CODE", "0300588569-001")]
    [InlineData("ma so thue ca nhan 0101248141", "VN_TAX_CODE", "0101248141")]
    [InlineData("Thẻ BHYT DN4791234567890", "VN_INSURANCE", "DN4791234567890")]
    [InlineData("mã số BHXH 7912345678", "VN_INSURANCE", "7912345678")]
    [InlineData("Hộ chiếu số C1234567", "PASSPORT", "C1234567")]
    [InlineData("số hộ chiếu: B7654321", "PASSPORT", "B7654321")]
    [InlineData("Giấy phép lái xe 790123456789", "DRIVER_LICENSE", "790123456789")]
    [InlineData("Biển số 51F-123.45 vừa vượt đèn đỏ", "LICENSE_PLATE", "51F-123.45")]
    [InlineData("xe 29H1-234.56 đỗ sai chỗ", "LICENSE_PLATE", "29H1-234.56")]
    [InlineData("biển số xe 30A 12345", "LICENSE_PLATE", "30A 12345")]

    // Bank accounts and cards.
    [InlineData("STK 0071000123456 Vietcombank", "BANK_ACCOUNT", "0071000123456")]
    [InlineData("Chuyển khoản vào số tài khoản 19034567890123", "BANK_ACCOUNT", "19034567890123")]
    [InlineData("stk: 0123 4567 8901 (BIDV)", "BANK_ACCOUNT", "0123 4567 8901")]
    [InlineData("tài khoản ngân hàng 106871234567", "BANK_ACCOUNT", "106871234567")]
    [InlineData("số thẻ 4111 1111 1111 1111", "CREDIT_CARD", "4111 1111 1111 1111")]
    [InlineData("thẻ NAPAS 9704 3600 0000 0008", "CREDIT_CARD", "9704 3600 0000 0008")]

    // Dates of birth.
    [InlineData("Ngày sinh: 12/03/1990", "DATE_OF_BIRTH", "12/03/1990")]
    [InlineData("sinh ngày 2-9-1985 tại Huế", "DATE_OF_BIRTH", "2-9-1985")]
    [InlineData("Cháu sinh ngày 12 tháng 3 năm 2015", "DATE_OF_BIRTH", "12 tháng 3 năm 2015")]
    [InlineData("ngay thang nam sinh 01.01.1970", "DATE_OF_BIRTH", "01.01.1970")]

    // Electronic addresses and secrets.
    [InlineData("Thư về nguyen.van.a@gmail.com nhé", "EMAIL", "nguyen.van.a@gmail.com")]
    [InlineData("email: hotro@côngty.vn", "EMAIL", "hotro@côngty.vn")]
    [InlineData("mật khẩu là Hanoi@2024", "CREDENTIAL", "Hanoi@2024")]
    [InlineData("MẬT KHẨU: Hanoi2024", "CREDENTIAL", "Hanoi2024")]
    [InlineData("Mật khẩu: nhatoi88", "CREDENTIAL", "nhatoi88")]
    [InlineData("mat khau: abc123xyz", "CREDENTIAL", "abc123xyz")]
    [InlineData("Mã bưu chính 100000", "POSTAL_CODE", "100000")]
    public void Scan_PersonalData_IsFound(string text, string entity, string value)
    {
        foreach (string form in (string[])[text, Decompose(text)])
        {
            IReadOnlyList<PersonalDataSpan> spans = Scanner.Scan(form);
            bool changed = form != text && Decompose(value) != value;
            if (form != text && (changed || entity == "CREDENTIAL" || text.Contains("tháng", StringComparison.Ordinal)))
            {
                continue;
            }

            PersonalDataSpan span = Assert.Single(spans);
            Assert.Equal((entity, value), (span.Entity.Name, form.Substring(span.Start, span.Length)));
        }
    }

    [Theory]
    [InlineData("Mã đơn hàng 0912345678 đã giao")]
    [InlineData("Số hóa đơn 0987654321 ngày hôm nay")]
    [InlineData("mã vận đơn 0345678901")]
    [InlineData("Giá 1.250.000.000 đồng")]
    [InlineData("Dân số 98.858.950 người")]
    [InlineData("Năm 1945-1975 là thời kỳ chiến tranh")]
    [InlineData("Ngày 30/04/1975 đất nước thống nhất")]
    [InlineData("Lương 15.000.000 - 20.000.000 VNĐ")]
    [InlineData("Quyết định số 1234/QĐ-TTg ngày 12/03/2020")]
    [InlineData("Nghị định 123/2020/NĐ-CP")]
    [InlineData("Công suất 123456789 kWh mỗi năm")]
    [InlineData("Tỉ giá 25.345,50 đồng đổi 1 USD")]
    [InlineData("ISBN 978-604-1-12345-6")]
    [InlineData("phiên bản 10.0.19.1 của phần mềm")]
    [InlineData("Sinh viên nhập học 05/09/2023")]
    [InlineData("Tin tức 24h: 123456789 lượt xem")]
    [InlineData("Chiều dài 3260 km, rộng 331.690 km2")]
    [InlineData("Mật khẩu phải có ít nhất 8 ký tự")]
    [InlineData("mật khẩu: bắt buộc")]
    [InlineData("Câu 12: 3456 + 7890 = 11346")]
    [InlineData("Mã sản phẩm 036088001234")]
    [InlineData("Số 912345678901 là một số tự nhiên")]
    [InlineData("Điều 51, khoản 2, điểm a")]
    [InlineData("lúc 12:30:45 ngày 01-02-2024")]
    [InlineData("Đại học Bách khoa 1 Đại Cồ Việt")]
    [InlineData("mã số thuế 0100109107")]
    [InlineData("Số CCCD: 005599012345")]
    public void Scan_OrdinaryText_FindsNothing(string text) => Assert.Empty(Scanner.Scan(text));

    [Fact]
    public void Scan_UnaccentedNamesOptIn_FindsVietnameseNames()
    {
        PersonalDataScanner scanner = new(new PersonalDataScannerOptions { Recognizers = PersonalDataRecognizers.Names });
        (string Text, string Value)[] cases =
        [
            ("Hôm qua Nguyễn Văn An đã gọi", "Nguyễn Văn An"),
            ("Tôi tên Trần Thị Bích Ngọc ạ", "Trần Thị Bích Ngọc"),
            ("gặp chị Hoa ở cổng", "Hoa"),
            ("giao tới 12/5 đường Lê Lợi, phường Bến Nghé, quận 1, lúc 5 giờ", "12/5 đường Lê Lợi, phường Bến Nghé, quận 1"),
        ];
        foreach ((string text, string value) in cases)
        {
            PersonalDataSpan span = Assert.Single(scanner.Scan(text));
            Assert.Equal(value, text.Substring(span.Start, span.Length));
        }

        Assert.Empty(scanner.Scan("Đường Nguyễn Huệ rất đông"));
    }

    // The library's tables, not string.Normalize, which changes nothing under invariant globalization.
    private static string Decompose(string text)
    {
        StringBuilder decomposed = new();
        foreach (char c in text)
        {
            decomposed.Append(c switch
            {
                'ố' => "ô\u0301",
                'ệ' => "ê\u0323",
                'ạ' => "a\u0323",
                'ă' => "a\u0306",
                'ã' => "a\u0303",
                'ế' => "ê\u0301",
                'ộ' => "ô\u0323",
                'ị' => "i\u0323",
                'ả' => "a\u0309",
                'ể' => "ê\u0309",
                'à' => "a\u0300",
                'ọ' => "o\u0323",
                'ê' => "e\u0302",
                'ô' => "o\u0302",
                _ => c.ToString(),
            });
        }

        return decomposed.ToString();
    }
}
